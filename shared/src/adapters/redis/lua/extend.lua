-- Extend: make every lock of a hold live for a while longer, if all of them are still this user's. The map does not
-- change, so neither does its version.
-- ARGV: user, hold, the least time to live in ms. Returns whether it was possible, fence, expires, seats.
local user = ARGV[1]
local holds, hold = take_hold(user, ARGV[2])
if not hold then
  return { 0, 0, 0, '' }
end
local seats, value = indexes(hold.seats), user .. '|' .. hold.fence
for _, seat in ipairs(seats) do
  if redis.call('GET', lock_key(seat)) ~= value then
    return { 0, 0, 0, '' }
  end
end
local expires = now + tonumber(ARGV[3])
if expires > tonumber(hold.expires) then
  hold.expires = int(expires)
  for _, seat in ipairs(seats) do
    redis.call('PEXPIREAT', lock_key(seat), hold.expires)
    redis.call('ZADD', p .. ':locks', hold.expires, seat)
  end
  lasts(':locks')
  holds[#holds + 1] = hold
  save_holds(user, holds)
end
return { 1, hold.fence, hold.expires, hold.seats }
