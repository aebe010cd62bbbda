-- Goes on with the rebuild of an epoch: ARGV[1].
if redis.call('HGET', p, 'rebuilding') ~= ARGV[1] then
  return redis.error_reply('OUTRUN another rebuild began later')
end
