-- Begin a rebuild: from here on nothing is given before it is done, so what the books say afterwards stands. Who is inside
-- is heard anew; sessions of which only the admission had lapsed go on. Several may rebuild after one loss: they restore the
-- same, and the first to finish ends it.
-- Returns the name of the loss, the first of the entries that are not in the roster yet, and their users.
local loss = redis.call('HGET', p, 'loss')
if not loss or string.match(loss, ':(%w+)$') ~= server then
  loss = time[1] .. '.' .. time[2] .. ':' .. server
  redis.call('HSET', p, 'loss', loss)
  lasts('')
  redis.call('DEL', p .. ':active')
  if is_new then
    -- What an older version kept is of another kind.
    for _, key in ipairs(PARTS_OF_ROOM) do
      redis.call('DEL', p .. key)
    end
  end
end
local block = redis.call('LRANGE', p .. ':block', 0, -1)
return { loss, issued + 1 - #block, table.concat(block) }
