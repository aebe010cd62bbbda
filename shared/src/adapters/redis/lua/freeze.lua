-- Freeze: the draw is being made, so no more entries are given. Returns how many there are, the first of those that are
-- not in the roster yet, and their users.
local block = redis.call('LRANGE', p .. ':block', 0, -1)
if pool_size < 0 then
  frozen = 1
  save()
end
return { issued, issued + 1 - #block, table.concat(block) }
