-- Begins every step of a rebuild. Once the performance is back it does nothing and returns `BACK`.
local p = KEYS[1]
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('HEXISTS', p, 'version') == 1 and redis.call('HGET', p, 'server') == server then
  return redis.status_reply('BACK')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(number)
  return string.format('%.0f', number)
end

-- A rebuild that is never finished must leave nothing for ever. The last step of a finished one sets the real expiry.
local UNDONE_MS = 86400000
local function lasts(key)
  if redis.call('PTTL', p .. key) == -1 then
    redis.call('PEXPIRE', p .. key, UNDONE_MS)
  end
end

