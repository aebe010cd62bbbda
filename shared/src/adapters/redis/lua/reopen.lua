-- Reopen: the last step of a rebuild. The version starts above every earlier one, so that fences keep growing and no
-- old log is used; numbers start above every leased one; calls are as far as they may have come.
-- ARGV: the loss, epoch, the highest number leased, the highest that may have been called, how many were drawn (-1: no
-- draw), when all keys of the performance end (ms). Returns nothing.
local leased_to, called_to, pool_size = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- People whom the room remembers may have been called in the moment that was lost: they are called again, and not waited
-- for. People whom it forgot say so with their ticket.
if room[1] > 0 then
  for number = room[3] + 1, called_to do
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

room[1] = math.max(room[1], leased_to)
room[2] = room[1]
room[3] = math.max(room[3], called_to)
room[4] = room[3]
room[5] = math.max(room[5], pool_size)
room[6] = 0
room[9] = leased_to > 0 and now + SETTLE_MS or 0
redis.call('DEL', p .. ':log', p .. ':block')
redis.call('HDEL', p, 'loss', 'leasing_until', 'calls_leasing_until')
redis.call('HSET', p, 'version', int(ARGV[2] * 4294967296), 'server', server, 'room', struct.pack(ROOM, unpack(room)),
  'ends_at', ARGV[6])
for _, keys in ipairs({ { '' }, PARTS_OF_ROOM, PARTS_OF_MAP }) do
  for _, key in ipairs(keys) do
    redis.call('PEXPIREAT', p .. key, ARGV[6])
  end
end
return redis.status_reply('OK')
