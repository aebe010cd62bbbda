-- Find: return a live hold of a user.
-- ARGV: user, hold. Returns whether there is one, fence, expires, seats.
local _, hold = take_hold(ARGV[1], ARGV[2])
if not hold then
  return { 0, 0, 0, '' }
end
return { 1, hold.fence, hold.expires, hold.seats }
