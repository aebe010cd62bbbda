-- Goes on with the rebuild after a loss, ARGV[1]. It stops if another process has finished it and all was lost again,
-- and on another server: a replica may know of the beginning and not of what followed.
local loss = redis.call('HGET', p, 'loss')
if loss ~= ARGV[1] or string.match(loss, ':(%w+)$') ~= server then
  return redis.error_reply('OUTRUN this loss is over')
end

