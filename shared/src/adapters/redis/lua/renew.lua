-- Renew: a sign of life from inside. ARGV: flow, user. Returns whether the session goes on, when the admission expires,
-- when the session ends.
look()
save()
local ends = tonumber(redis.call('ZSCORE', p .. ':sessions', user) or 0)
if not ends_later(':active', user) or ends == 0 then
  return { 0, 0, 0 }
end
local expires = math.min(now + heartbeat, ends)
redis.call('ZADD', p .. ':active', int(expires), user)
return { 1, expires - offset, ends - offset }
