-- Every key of a performance ends with it: the record's `ends_at` says when (ms). A key that a step may just have made
-- is given that end; the locks of seats end by themselves.
local function lasts(key)
  if redis.call('PTTL', p .. key) == -1 then
    local ends_at = redis.call('HGET', p, 'ends_at')
    if ends_at then
      redis.call('PEXPIREAT', p .. key, ends_at)
    end
  end
end

