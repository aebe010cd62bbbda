-- Numbers: numbers up to this one were leased. An older lease changes nothing. ARGV: the highest number. Returns nothing.
if tonumber(ARGV[1]) > lease_end then
  lease_end = tonumber(ARGV[1])
  redis.call('DEL', p .. ':block')
  save()
end
redis.call('HDEL', p, 'leasing_until')
return redis.status_reply('OK')
