-- Begin a rebuild: who is inside is heard anew; sessions of which only the admission had lapsed go on. Of two that rebuild
-- at once only the later one can finish. ARGV: epoch.
-- Returns the first of the entries that are not in the roster yet, and their users.
redis.call('HSET', p, 'rebuilding', ARGV[1] .. ':' .. server)
redis.call('DEL', p .. ':active')
if is_new then
  -- What an older version kept is of another kind.
  for _, key in ipairs({ ':members', ':pool', ':calls', ':recalls', ':door', ':knocks', ':sessions', ':given_up' }) do
    redis.call('DEL', p .. key)
  end
end
local block = redis.call('LRANGE', p .. ':block', 0, -1)
return { room[1] + 1 - #block, table.concat(block) }
