-- Lease: numbers up to this one may be given. One that was leased before changes nothing.
-- ARGV: the highest number. Returns nothing.
local lease_end = tonumber(redis.call('HGET', p, 'lease_end'))
redis.call('HSET', p, 'lease_end', int(math.max(lease_end, tonumber(ARGV[1]))))
redis.call('HDEL', p, 'leasing_until')
return redis.status_reply('OK')
