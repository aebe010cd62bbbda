-- Release: give the seats of a hold back, if it is this user's.
-- ARGV: user, hold. Returns whether it was.
local hold = find_hold(ARGV[1], ARGV[2])
if not hold then
  return 0
end
drop_hold(ARGV[1], hold)
return 1
