-- Claim: make the due tick, and go in if called. ARGV: flow, user, what they hold.
-- Returns the outcome, how far to lease calls, departed users, when; then by outcome
--   admitted                   whether the session is new, when the admission expires, when the session ends, the epoch
--   waiting, called, prequeue  kind, position, serving, calls a minute
--   lapsed                     nothing
--   draw                       nothing: the caller has to make the draw
--   number_of                  the entry: the caller has to find the number that it drew
if is_draw_due then
  return { 'draw', 0, '', real }
end
local active, calls_to, departed = tick()
local kind, position = resolve()
if not kind then
  return { 'lapsed', calls_to, departed, real }
elseif kind == 'number_of' then
  return { kind, calls_to, departed, real, position }
end

local function inside(is_new, expires, ends)
  return { 'admitted', calls_to, departed, real, is_new, expires - offset, ends - offset, epoch }
end

-- A called number claims. Returns whether there is room for it: lower numbers that are at the door go first.
local function knock()
  local name = int(position)
  local deadline = tonumber(redis.call('ZSCORE', p .. ':calls', name) or 0)
  if deadline > 0 then
    local took = math.min(math.max(now + call_window - deadline, 0), call_window)
    claim_delay = math.floor((claim_delay * (DELAY_WEIGHT - 1) + took) / DELAY_WEIGHT)
    if deadline > aged_to then
      claim_rate = claim_rate + math.floor((CLAIM_RATE_ONE - claim_rate) / RATE_WEIGHT)
    end
    redis.call('ZREM', p .. ':calls', name)
    save()
  end
  redis.call('ZREM', p .. ':recalls', name)
  add(':door', name, name)
  add(':knocks', int(now + call_window), name)
  return now >= settled_at and redis.call('ZRANK', p .. ':door', name) < cap - active
end

local state = state_of(kind, position)
if state == 'admitted' then
  return inside(0, ends_later(':active', user), ends_later(':sessions', user))
elseif state == 'lapsed' or state == 'left' then
  return { 'lapsed', calls_to, departed, real }
elseif state ~= 'called' or not knock() then
  return { state, calls_to, departed, real, kind, told(position), serving, called_per_min }
end
forget_call(position)
local ends = ends_later(':sessions', user) or now + session
local expires = math.min(now + heartbeat, ends)
add(':active', int(expires), user)
add(':sessions', int(ends), user)
redis.call('HINCRBY', p, 'entered', 1)
return inside(1, expires, ends)
