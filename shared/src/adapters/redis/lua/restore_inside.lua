-- Restore inside: take over who is inside; each stays until their next sign of life is due.
-- ARGV: the loss, then for each user: user, when the session ends. Returns nothing.
for i = 2, #ARGV, 2 do
  local ends = ARGV[i + 1] + offset
  redis.call('ZADD', p .. ':sessions', int(ends), ARGV[i])
  redis.call('ZADD', p .. ':active', int(math.min(now + HEARTBEAT_MAX_MS, ends)), ARGV[i])
end
lasts(':sessions')
lasts(':active')
return redis.status_reply('OK')
