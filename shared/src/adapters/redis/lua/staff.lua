-- Staff: they go in without a number and take no place, so only departures are kept, for as long as an admission that
-- was given before may live.
-- ARGV: user, what they do (enter, renew, leave). Returns whether they are inside.
local user, does = ARGV[1], ARGV[2]
redis.call('ZREMRANGEBYSCORE', p .. ':gone', '-inf', now)
if does == 'enter' then
  redis.call('ZREM', p .. ':gone', user)
elseif does == 'leave' then
  redis.call('ZADD', p .. ':gone', int(now + STAFF_GONE_MS), user)
  lasts(':gone')
end
return redis.call('ZSCORE', p .. ':gone', user) and 0 or 1
