-- Numbers: numbers up to this one were leased; an older lease changes nothing. Entries may have been written to the roster
-- with it; those issued since another lease arrived were not.
-- ARGV: the highest number, the highest entry that was written (0: none). Returns nothing.
lease_end = math.max(lease_end, tonumber(ARGV[1]))
local written = tonumber(ARGV[2]) - (issued - redis.call('LLEN', p .. ':block'))
if written > 0 then
  redis.call('LTRIM', p .. ':block', int(written), -1)
end
save()
redis.call('HDEL', p, 'leasing_until')
return redis.status_reply('OK')
