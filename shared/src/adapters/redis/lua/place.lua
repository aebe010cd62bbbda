-- Place: make the due tick, unless others do, and return where the owner of a ticket stands.
-- ARGV: flow, user, what they hold.
-- Returns the outcome, how far to lease calls, departed users, when; then by outcome
--   the state of a place  kind, position, serving, calls a minute
--   hasty                 how long to wait, how long between two looks (ms): the client asks much more often than told
--   draw                  nothing: the caller has to make the draw
--   number_of             the entry: the caller has to find the number that it drew
if is_draw_due then
  return { 'draw', 0, '', real }
end
-- An account far from the front leaves the tick to others if there was a look just now.
time()
local calls_to, departed = 0, ''
local seen = member_in(':members', user)
if not seen or math.abs(seen) <= serving + FAR_FROM_FRONT or now >= looked_at + LOOKED_LATELY_MS then
  local _
  _, calls_to, departed = tick()
end
local kind, position = resolve()
if not kind then
  return { 'lapsed', calls_to, departed, real, 'n', held_position, serving, called_per_min }
elseif kind == 'number_of' then
  return { kind, calls_to, departed, real, position }
end
local state = state_of(kind, position)
local told_ms = POLL_FAR_MS
if kind == 'n' then
  told_ms = math.min(POLL_NEAR_MS + math.max(math.abs(position) - serving - 1, 0) * POLL_STEP_MS, POLL_FAR_MS)
end
local interval = math.floor(told_ms / POLL_EASE)
local key = kind == 'n' and ':members' or ':pool'
local _, polls_whole_at = member_in(key, user)
-- By the machine's clock: the room's clock stands still while the sale is paused. A time further ahead than any client
-- can have moved it means that the clock was set back.
if polls_whole_at > real + POLL_FAR_MS / POLL_EASE * POLL_BURST then
  polls_whole_at = real
end
local whole_at = math.max(polls_whole_at, real) + interval
local allowed = real + math.max(interval * POLL_BURST, POLL_SLACK_MS)
if whole_at > allowed then
  return { 'hasty', calls_to, departed, real, whole_at - allowed, interval }
end
-- Otherwise the caller leases calls, or waits for them, and may ask again for the same request.
if calls_to == 0 then
  keep_member(key, user, position, whole_at)
end
return { state, calls_to, departed, real, kind, told(position), serving, called_per_min }
