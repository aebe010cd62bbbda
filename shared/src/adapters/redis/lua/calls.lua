-- Calls: calls up to this number were leased. ARGV: the highest number. Returns nothing.
called_to = math.max(called_to, tonumber(ARGV[1]))
save()
redis.call('HDEL', p, 'calls_leasing_until')
return redis.status_reply('OK')
