-- Release: free the seats of a hold, if it is this user's and alive.
-- ARGV: user, hold. Returns whether it was.
local others, hold = take_hold(ARGV[1], ARGV[2])
if not hold then
  return 0
end
unlock(ARGV[1], hold)
save_holds(ARGV[1], others)
return 1
