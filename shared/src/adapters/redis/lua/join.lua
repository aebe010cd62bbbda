-- Join: take the next number or entry, or keep the one that is still good. No one is called by it: the next look does
-- that. ARGV: flow, user, what they hold.
-- Returns what; then with the state of a place: kind, position, serving, calls a minute, whether it is new; with
-- `numbers`, which asks the caller to lease numbers: the first entry of the full block, and its users, which are to be
-- written with it; with `number_of`: the entry. `wait` says that another process leases, `draw` asks for the draw,
-- `nothing` says that all numbers are given.
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
