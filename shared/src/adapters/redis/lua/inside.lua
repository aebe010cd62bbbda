-- Begins a step that may be only for those inside. ARGV[1], taken off for what follows, says whom the waiting room lets do
-- it: `counted` (those who have a place inside: who left or fell silent has none, whatever they hold signed), `staff` (who
-- have not gone), or `all`. ARGV[2], and then the first, is the user. Any other buyer is answered OUTSIDE.
local door = table.remove(ARGV, 1)
if door == 'counted' and not redis.call('ZSCORE', p .. ':active', ARGV[1]) then
  -- A replica may not have heard yet that they went in.
  if redis.call('HGET', p, 'server') ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then
    return redis.error_reply('LOST the last moment may be missing')
  end
  return redis.status_reply('OUTSIDE')
elseif door == 'staff' and redis.call('ZSCORE', p .. ':gone', ARGV[1])
  and not redis.call('ZSCORE', p .. ':active', ARGV[1]) then
  return redis.status_reply('OUTSIDE')
end

