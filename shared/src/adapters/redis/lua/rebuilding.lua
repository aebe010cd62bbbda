-- Goes on with the rebuild of an epoch, ARGV[1], in the process in which it was begun: a replica may have heard of the
-- beginning and not of what followed.
if redis.call('HGET', p, 'rebuilding') ~= ARGV[1] .. ':' .. server then
  return redis.error_reply('OUTRUN another rebuild began later')
end
