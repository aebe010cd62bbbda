-- Renew: a sign of life from inside. A signed session counts when the user is forgotten, unless they left.
-- ARGV: flow, user, when the signed session expires, when it ends. Returns whether it goes on, expires, ends.
local user, signed_expires, signed_ends = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local expires = tonumber(redis.call('ZSCORE', p .. ':active', user) or 0)
local left_until = tonumber(redis.call('ZSCORE', p .. ':left', user) or 0)
local ends = redis.call('HGET', p .. ':sessions', user)
if expires <= now and (signed_expires <= now or signed_expires <= left_until) then
  return { 0, 0, 0 }
end
ends = ends and tonumber(ends) or signed_ends
expires = math.min(now + heartbeat, ends)
redis.call('ZADD', p .. ':active', expires, user)
redis.call('HSET', p .. ':sessions', user, int(ends))
local number = redis.call('HGET', p .. ':members', user)
if number then
  forget_call(tonumber(number))
end
return { 1, expires, ends }
