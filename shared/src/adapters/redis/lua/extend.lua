-- Extend: make sure that every lock of a hold is still this user's and lives for a while yet. What the map shows does
-- not change, so the version does not either.
-- ARGV: user, hold, how long at least in ms. Returns whether it was possible, fence, expires, seats.
local user, token = ARGV[1], ARGV[2]
local hold = find_hold(user, token)
if not hold then
  return { 0, 0, 0, '' }
end
local seats, value = indexes(hold.seats), user .. '|' .. int(hold.fence)
for _, seat in ipairs(seats) do
  if redis.call('GET', lock_key(seat)) ~= value then
    return { 0, 0, 0, '' }
  end
end
local expires = now + tonumber(ARGV[3])
if expires > hold.expires then
  for _, seat in ipairs(seats) do
    redis.call('PEXPIREAT', lock_key(seat), expires)
    redis.call('ZADD', p .. ':locks', expires, seat)
  end
  redis.call('HSET', p .. ':holds:' .. user, token, int(hold.fence) .. '|' .. int(expires) .. '|' .. hold.seats)
  redis.call('PEXPIREAT', p .. ':holds:' .. user, expires, 'GT')
  hold.expires = expires
end
return { 1, hold.fence, hold.expires, hold.seats }
