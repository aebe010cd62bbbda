-- A server that has just started, or a replica that has just been promoted, may have missed the last moment: then its state
-- is not shown. Steps that every buyer waits for skip this check: if a lock is missing, the books decide.
if redis.call('HGET', p, 'server') ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then
  return redis.error_reply('LOST the last moment may be missing')
end
