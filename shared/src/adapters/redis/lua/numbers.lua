-- Numbers: numbers up to this one were leased; an older lease changes nothing. The same write may have put entries into
-- the roster. Entries that were given since, because another lease arrived first, are not among them.
-- ARGV: the highest number, the highest entry that was written (0: none). Returns nothing.
lease_end = math.max(lease_end, tonumber(ARGV[1]))
local written = tonumber(ARGV[2]) - (issued - redis.call('LLEN', p .. ':block'))
if written > 0 then
  redis.call('LTRIM', p .. ':block', int(written), -1)
end
save()
redis.call('HDEL', p, 'leasing_until')
return redis.status_reply('OK')
