-- Join: take the next number or entry, or keep the one that is still good. It calls no one: the next look does that.
-- ARGV: flow, user, what they hold.
-- Returns the outcome; then by outcome
--   the state of a place  kind, position, serving, calls a minute, whether the place is new
--   numbers               an entry, users: the caller has to lease numbers, and with them write the block of these users
--                         that begins with this entry, if there are any
--   wait                  nothing: another process is leasing numbers, and the caller has to ask again
--   draw                  nothing: the caller has to make the draw
--   number_of             the entry: the caller has to find the number that it drew
--   nothing               nothing: all numbers are given
time()
local kind, position = resolve()
if kind == 'number_of' then
  return { kind, position }
elseif kind then
  if kind == 'e' and position < 0 then
    position = -position
    keep_member(':pool', user, position)
  end
  local state = state_of(kind, position)
  if state ~= 'lapsed' and state ~= 'left' then
    return { state, kind, math.abs(position), serving, called_per_min, 0 }
  end
end
if frozen == 1 or is_draw_due then
  return { 'draw' }
elseif issued >= NUMBERS_MAX then
  return { 'nothing' }
elseif issued >= lease_end then
  if is_leasing('leasing_until') then
    return { 'wait' }
  end
  redis.call('HSET', p, 'leasing_until', int(real + LEASE_WITHIN_MS))
  local full = redis.call('LRANGE', p .. ':block', 0, -1)
  return { 'numbers', issued + 1 - #full, table.concat(full) }
end
issued = issued + 1
if kind == 'n' then
  end_numbers(user, math.abs(position))
end
kind = is_gathering and 'e' or 'n'
if is_gathering then
  add_member(':pool', user, issued)
  redis.call('RPUSH', p .. ':block', user)
  lasts(':block')
else
  redis.call('HDEL', p .. ':pool', user)
  add_member(':members', user, issued)
end
save()
return { state_of(kind, issued), kind, issued, serving, called_per_min, 1 }
