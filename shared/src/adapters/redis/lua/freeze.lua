-- Freeze: the draw is being made, so no more people join. Returns how many entries there are, the first of those that are
-- not yet in the roster, and their users.
local block = redis.call('LRANGE', p .. ':block', 0, -1)
if pool_size < 0 then
  frozen = 1
  save()
end
return { issued, issued + 1 - #block, table.concat(block) }
