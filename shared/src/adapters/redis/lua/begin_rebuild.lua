-- Begin a rebuild: who is inside is heard anew, but sessions go on whose admission had lapsed. Of two that rebuild at once only the later one can finish.
-- ARGV: epoch. Returns nothing.
redis.call('HSET', p, 'rebuilding', ARGV[1])
redis.call('DEL', p .. ':active', p .. ':block')
return redis.status_reply('OK')
