-- Reopen: the last step of a rebuild. The version starts above every earlier one, so that fences keep growing and no
-- old log is believed; numbers start above every one that was ever leased.
-- ARGV: epoch, the highest number leased, the highest called. Returns nothing.
local time = redis.call('TIME')
local leased_to = ARGV[2]
redis.call('DEL', p .. ':log')
redis.call('HSET', p, 'version', string.format('%.0f', ARGV[1] * 4294967296),
  'issued', leased_to, 'lease_end', leased_to, 'serving', ARGV[3])
if leased_to ~= '0' then
  -- People may be inside whom nobody remembers: see `is_settling`.
  redis.call('HSET', p, 'rebuilt_at', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
end
return redis.status_reply('OK')
