-- Begin a rebuild: until it is done nothing is given, so what the books say from now on stands. The list of people
-- inside is restored from the books; a session whose admission had merely lapsed goes on. Several processes may rebuild
-- after one loss: they restore the same, and the first to finish ends it.
-- Returns the name of the loss, the first of the entries that are not in the roster yet, and their users; `BACK` if the
-- performance is back.
local loss = redis.call('HGET', p, 'loss')
if not loss or string.match(loss, ':(%w+)$') ~= server then
  loss = time[1] .. '.' .. time[2] .. ':' .. server
  redis.call('HSET', p, 'loss', loss)
  lasts('')
  redis.call('DEL', p .. ':active')
  if is_new then
    -- An older version kept these keys as other types.
    for _, key in ipairs(PARTS_OF_ROOM) do
      redis.call('DEL', p .. key)
    end
  end
end
local block = redis.call('LRANGE', p .. ':block', 0, -1)
return { loss, issued + 1 - #block, table.concat(block) }
