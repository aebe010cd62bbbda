-- Every key of a performance expires with it, at the record's `ends_at` (ms): this gives a key that a step may just
-- have created that expiry. The locks of seats expire by themselves.
local function lasts(key)
  if redis.call('PTTL', p .. key) == -1 then
    local ends_at = redis.call('HGET', p, 'ends_at')
    if ends_at then
      redis.call('PEXPIREAT', p .. key, ends_at)
    end
  end
end

