-- Claim: make the due tick and go in when called. Somebody inside gets the running session again.
-- ARGV: flow, user, number. Returns state, number, serving, whether the session is new, when it expires, when it ends.
local user, signed = ARGV[7], tonumber(ARGV[8])
local active = tick()
local number = number_of(user, signed)
if not number then
  return { 'lapsed', signed, serving, 0, 0, 0 }
end
local state = state_of(user, number)
if state == 'admitted' then
  local expires = tonumber(redis.call('ZSCORE', p .. ':active', user))
  local ends = tonumber(redis.call('HGET', p .. ':sessions', user))
  return { state, math.abs(number), serving, 0, expires, ends }
elseif state ~= 'called' or active >= cap or is_settling then
  return { state, math.abs(number), serving, 0, 0, 0 }
end
local ends = now + session
local expires = math.min(now + heartbeat, ends)
forget_call(number)
redis.call('ZADD', p .. ':active', expires, user)
redis.call('HSET', p .. ':sessions', user, int(ends))
return { 'admitted', number, serving, 1, expires, ends }
