-- Tally: what the history of a sale records of a moment. It only reads: the room's clock moves when clients look.
-- Returns the epoch in which counting began, how many seats are held, reserved and sold, how many wait and are inside,
-- the highest number issued, called and skipped, how many numbers and admissions were given, and how many users have held,
-- booked and paid.
local at = '(' .. int(real + offset)

local function alive(key, since)
  return redis.call('ZCOUNT', p .. key, since, '+inf')
end

local counts = redis.call('HMGET', p, 'counts_since', 'entered', 'skipped', 'skipped_to')
local uncalled = math.max(issued - serving - redis.call('SCARD', p .. ':given_up'), 0)
return {
  tonumber(counts[1] or 0),
  alive(':locks', '(' .. int(real)), redis.call('SCARD', p .. ':reserved'), redis.call('BITCOUNT', p .. ':sold'),
  uncalled + alive(':calls', at) + alive(':recalls', at) + alive(':knocks', at), alive(':active', at),
  issued, serving, tonumber(counts[4] or 0),
  issued - tonumber(counts[3] or 0), tonumber(counts[2] or 0), redis.call('HLEN', p .. ':holds'), redis.call('HLEN', p .. ':booked'),
  redis.call('SCARD', p .. ':paid'),
}
