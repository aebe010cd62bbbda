-- Give back: return what was taken of a key's allowance (see limit.lua). A full allowance stays as it is.
-- KEYS: the key. ARGV: µs between two requests, how many to return. Returns nothing.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local whole_at = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(ARGV[1]) * tonumber(ARGV[2])
if whole_at <= now then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.format('%.0f', whole_at), 'PX', math.ceil((whole_at - now) / 1000))
end
