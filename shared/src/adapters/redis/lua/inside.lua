-- Begins a step that may be restricted to people inside. ARGV[1], which is removed for what follows, says who may pass:
-- `counted` (users with a place inside: those who left or fell silent have none, whatever token they hold), `staff`
-- (who have not left), or `all`. ARGV[2], which is the first after the removal, is the user. Others get OUTSIDE.
local door = table.remove(ARGV, 1)
if door == 'counted' and not redis.call('ZSCORE', p .. ':active', ARGV[1]) then
  -- A replica that was promoted may have missed that they went in.
  if redis.call('HGET', p, 'server') ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then
    return redis.error_reply('LOST the last moment may be missing')
  end
  return redis.status_reply('OUTSIDE')
elseif door == 'staff' and redis.call('ZSCORE', p .. ':gone', ARGV[1])
  and not redis.call('ZSCORE', p .. ':active', ARGV[1]) then
  return redis.status_reply('OUTSIDE')
end

