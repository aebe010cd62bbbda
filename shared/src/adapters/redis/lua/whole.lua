-- A server that has just started, or a replica that has just been promoted, may have missed the last moment: then its
-- state is not shown. The steps of holds skip this check, since every buyer waits for them: if a lock is missing, the
-- books decide.
if redis.call('HGET', p, 'server') ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then
  return redis.error_reply('LOST the last moment may be missing')
end
