-- Begin a rebuild: who is inside is heard anew; sessions of which only the admission had lapsed go on. Of two that rebuild
-- at once only the later one can finish. ARGV: epoch.
-- Returns the first of the entries that are not in the roster yet, and their users.
redis.call('HSET', p, 'rebuilding', ARGV[1] .. ':' .. server)
redis.call('DEL', p .. ':active')
local block = redis.call('LRANGE', p .. ':block', 0, -1)
return { room[1] + 1 - #block, table.concat(block) }
