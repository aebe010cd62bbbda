-- Reopen: the last step of a rebuild. The version starts above every earlier one, so that fences keep growing and no
-- old log is used. Numbers start above every leased one. Calls are as far as they may have come.
-- ARGV: the loss, epoch, the highest number leased, the highest that may have been called, how many were drawn (-1: no
-- draw), when all keys of the performance end (ms). Returns nothing.
local leased_to, may_be_called_to, drawn = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- A number that the room remembers may have been called in the moment that was lost: it is called again, and not
-- counted on. An account that the room forgot shows its ticket, and is called then.
if issued > 0 then
  for number = serving + 1, may_be_called_to do
    redis.call('ZADD', p .. ':recalls', int(now + RECALL_MS), int(number))
  end
end
for _, user in ipairs(redis.call('ZRANGE', p .. ':active', 0, -1)) do
  local member = redis.call('HGET', p .. ':members', user)
  if member then
    local name = int(math.abs(struct.unpack(MEMBER, member)))
    for _, key in ipairs({ ':calls', ':recalls', ':door', ':knocks' }) do
      redis.call('ZREM', p .. key, name)
    end
  end
end

if leased_to > issued then
  redis.call('HINCRBY', p, 'skipped', int(leased_to - issued))
  redis.call('HSET', p, 'skipped_to', int(leased_to))
end
issued = math.max(issued, leased_to)
lease_end = issued
serving = math.max(serving, may_be_called_to)
called_to = serving
pool_size = math.max(pool_size, drawn)
frozen = 0
settled_at = leased_to > 0 and now + SETTLE_MS or 0
redis.call('DEL', p .. ':log', p .. ':block')
redis.call('HDEL', p, 'loss', 'leasing_until', 'calls_leasing_until')
redis.call('HSETNX', p, 'counts_since', ARGV[2])
redis.call('HSET', p, 'version', int(ARGV[2] * 4294967296), 'server', server, 'room', packed_room(),
  'ends_at', ARGV[6])
for _, keys in ipairs({ { '' }, PARTS_OF_ROOM, PARTS_OF_MAP }) do
  for _, key in ipairs(keys) do
    redis.call('PEXPIREAT', p .. key, ARGV[6])
  end
end
return redis.status_reply('OK')
