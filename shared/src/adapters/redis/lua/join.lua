-- Join: take the next number or entry, or keep one that is still good. Joining calls no person: the next look does
-- that. ARGV: flow, user, what they hold. Returns what, kind, position, serving, calls a minute, whether it is new, users.
-- Besides the states of a place, `numbers` asks the caller to lease numbers (the users of the full block, whose first
-- entry is the position, are to be written with it), `wait` says that another process does, `draw` asks for the draw,
-- `number_of` for the number of an entry, `nothing` says that all numbers are issued.
time()
local kind, position = resolve()
if kind == 'number_of' then
  return { kind, 'e', position, serving, 0, 0, '' }
elseif kind then
  if kind == 'e' and position < 0 then
    position = -position
    keep_member(':pool', user, position)
  end
  local state = state_of(kind, position)
  if state ~= 'lapsed' and state ~= 'left' then
    return { state, kind, math.abs(position), serving, called_per_min, 0, '' }
  end
end
if frozen == 1 or is_draw_due then
  return { 'draw', '', 0, serving, 0, 0, '' }
elseif issued >= NUMBERS_MAX then
  return { 'nothing', '', 0, serving, 0, 0, '' }
elseif issued >= lease_end then
  if is_leasing('leasing_until') then
    return { 'wait', '', 0, serving, 0, 0, '' }
  end
  redis.call('HSET', p, 'leasing_until', int(real + LEASE_WITHIN_MS))
  local full = redis.call('LRANGE', p .. ':block', 0, -1)
  return { 'numbers', '', issued + 1 - #full, serving, 0, 0, table.concat(full) }
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
return { state_of(kind, issued), kind, issued, serving, called_per_min, 1, '' }
