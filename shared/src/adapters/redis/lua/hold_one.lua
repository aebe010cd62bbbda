-- Hold one: `hold` in its usual case, one free seat for somebody without other holds, at two thirds of the cost. It
-- leaves everything else to `hold`, changes nothing then, and writes what `seats` describes.
-- ARGV: user, hold, how long in ms, seats of one person at most, the seat. Returns as `hold`, or `other`.
local user, token, seat = ARGV[1], ARGV[2], ARGV[5]
local OTHER = { 'other', '', 0, 0, '' }

local booked = redis.call('HGET', p .. ':booked', user) or 0
if booked + 1 > tonumber(ARGV[4]) then
  return OTHER
end
if redis.call('HEXISTS', p .. ':holds', user) == 1 or redis.call('HEXISTS', p .. ':books', seat) == 1 then
  return OTHER
end
local fence, expires = int(version + 1), int(now + ARGV[3])
if not redis.call('SET', p .. ':lock:' .. seat, user .. '|' .. fence, 'NX', 'PXAT', expires) then
  return OTHER
end
redis.call('ZADD', p .. ':locks', expires, seat)
redis.call('HSET', p .. ':holds', user, token .. '|' .. fence .. '|' .. expires .. '|' .. seat .. ';')
redis.call('HINCRBY', p, 'version', '1')
redis.call('RPUSH', p .. ':log', seat .. '1')
if (version + 1) % 256 == 0 then
  redis.call('LTRIM', p .. ':log', '-4096', '-1')
end
lasts(':locks')
lasts(':holds')
lasts(':log')
return { 'fresh', token, fence, expires, seat }
