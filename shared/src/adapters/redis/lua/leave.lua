-- Leave: give the place up, outside or inside. A forgotten account is remembered as having left. If the place has
-- ended, nothing changes: its owner may have joined anew since, and this may be a repeat.
-- ARGV: user, the number that they hold or 0, the entry that they hold or 0. Returns whether the books may have them as
-- inside, and when they left (ms).
local user, held_number, held_entry = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local number, polls_whole_at = member_in(':members', user)
if number then
  local ended_to = past(user)
  local is_another = held_number > 0 and held_number ~= math.abs(number) and held_number <= ended_to
  local is_drawn = held_entry > 0 and pool_size >= 0 and math.abs(number) > pool_size and ended_to > 0
  if is_another or is_drawn then
    return { 0, now }
  end
end
local was_inside = redis.call('ZREM', p .. ':active', user)
redis.call('ZREM', p .. ':sessions', user)
local entry = member_in(':pool', user)
if entry then
  keep_member(':pool', user, -math.abs(entry))
  return { was_inside, now }
end
if held_entry > 0 and not number then
  add_member(':pool', user, -held_entry)
  return { was_inside, now }
end
if not number and held_number == 0 then
  -- Their number is not known, but it is one of those given so far.
  end_numbers(user, issued)
end
number = math.abs(number or held_number)
add_member(':members', user, -number, polls_whole_at)
give_up(number)
-- For called numbers the answer is yes too: an earlier try may have died before the departure was in the books.
return { (was_inside == 1 or number <= serving) and 1 or 0, now }
