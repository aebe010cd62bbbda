-- Begins every step of a performance. KEYS[1] is its record, a hash. All its other keys begin with KEYS[1] and so are
-- in the same hash slot. The record's `version` is also a sentinel: without it Redis has lost the performance, and no
-- step works.
local p = KEYS[1]
local version = redis.call('HGET', p, 'version')
if not version then
  return redis.error_reply('LOST the performance has to be rebuilt')
end
version = tonumber(version)

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- `..` would round large numbers.
local function int(number)
  return string.format('%.0f', number)
end
