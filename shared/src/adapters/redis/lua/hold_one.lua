-- Hold one: the usual case of `hold`, one free seat for a user without other holds, at two thirds of the cost. It
-- leaves anything else to `hold` and then changes nothing. It writes the keys that `seats.lua` describes.
-- ARGV: user, hold, time to live in ms, most seats per user, the seat. Returns as `hold`, or `other`.
local user, token, seat = ARGV[1], ARGV[2], ARGV[5]
local OTHER = { 'other', '', 0, 0, '' }

local booked = redis.call('HGET', p .. ':booked', user) or 0
if booked + 1 > tonumber(ARGV[4]) then
  return OTHER
end
local holds = redis.call('HGET', p .. ':holds', user)
if (holds and holds ~= '') or redis.call('HEXISTS', p .. ':books', seat) == 1 then
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
