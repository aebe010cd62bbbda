-- Claim: make the due tick and go in when called. ARGV: flow, user, what they hold.
-- Returns what, kind, position, serving, calls a minute, how far to lease calls, departed users, when,
-- whether the session is new, when it expires, when it ends, the
-- epoch. Beside the states of a place: `draw`, `number_of`.
if is_draw_due then
  return { 'draw', '', 0, serving, 0, 0, '', real, 0, 0, 0, epoch }
end
local active, calls_to, departed = tick()
local kind, position = resolve()
if not kind then
  return { 'lapsed', 'n', held_position, serving, called_per_min, calls_to, departed, real, 0, 0, 0, epoch }
elseif kind == 'number_of' then
  return { kind, 'e', position, serving, 0, calls_to, departed, real, 0, 0, 0, epoch }
end

local function told_as(state, is_new, expires, ends)
  return { state, kind, told(position), serving, called_per_min, calls_to, departed, real, is_new, expires - offset,
    ends - offset, epoch }
end

-- A called person has answered. Is there room, if those with lower numbers who have answered go first?
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
  return told_as(state, 0, ends_later(':active', user), ends_later(':sessions', user))
elseif state ~= 'called' or not knock() then
  return told_as(state, 0, offset, offset)
end
forget_call(position)
local ends = ends_later(':sessions', user) or now + session
local expires = math.min(now + heartbeat, ends)
add(':active', int(expires), user)
add(':sessions', int(ends), user)
return told_as('admitted', 1, expires, ends)
