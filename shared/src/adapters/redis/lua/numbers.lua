-- Numbers: numbers up to this one were leased. An older lease changes nothing. What grows with the crowd is forgotten when
-- nobody has joined for longer than a ticket is good. ARGV: the highest number. Returns nothing.
if tonumber(ARGV[1]) > lease_end then
  lease_end = tonumber(ARGV[1])
  redis.call('DEL', p .. ':block')
  save()
  for _, key in ipairs({ ':members', ':pool', ':given_up' }) do
    redis.call('PEXPIRE', p .. key, int(FORGOTTEN_AFTER_MS))
  end
end
redis.call('HDEL', p, 'leasing_until')
return redis.status_reply('OK')
