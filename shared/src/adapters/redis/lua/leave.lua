-- Leave: give the place up, outside or inside. Somebody forgotten who leaves is remembered as having left.
-- ARGV: user, the number that they hold or 0, the entry that they hold or 0. Returns whether they were inside, and when, ms.
local user, held_number, held_entry = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local was_inside = redis.call('ZREM', p .. ':active', user)
redis.call('ZREM', p .. ':sessions', user)
local entry = member_in(':pool', user)
if entry then
  keep_member(':pool', user, -math.abs(entry))
  return { was_inside, now }
end
local number, polls_whole_at = member_in(':members', user)
if held_entry > 0 and not number then
  add_member(':pool', user, -held_entry)
  return { was_inside, now }
end
if not number and held_number == 0 then
  -- It is one of those that were given.
  end_numbers(user, issued)
end
number = math.abs(number or held_number)
add_member(':members', user, -number, polls_whole_at)
give_up(number)
return { was_inside, now }
