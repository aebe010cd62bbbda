-- Leave: give the place up, outside or inside. Somebody forgotten who leaves is remembered as having left, so that
-- nothing that they hold signed brings them back.
-- ARGV: user, how long an admission may live at most in ms. Returns nothing.
local user = ARGV[1]
local number = tonumber(redis.call('HGET', p .. ':members', user) or 0)
local expires = redis.call('ZSCORE', p .. ':active', user)
redis.call('ZADD', p .. ':left', expires or now + ARGV[2], user)
redis.call('ZREM', p .. ':active', user)
redis.call('HDEL', p .. ':sessions', user)
redis.call('HSET', p .. ':members', user, int(-math.abs(number)))
redis.call('ZREM', p .. ':calls', int(math.abs(number)))
redis.call('HDEL', p .. ':missed', int(math.abs(number)))
return redis.status_reply('OK')
