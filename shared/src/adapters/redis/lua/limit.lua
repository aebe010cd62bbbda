-- Limit: take some of a key's allowance (GCRA). The stored value is when the allowance will be full again, in µs.
-- KEYS: the key. ARGV: µs between two requests, how many at once, how many to take (0: only ask whether one is left).
-- Returns whether it was allowed, how many more may come at once, ms until the next may come, ms until the allowance is
-- full.
local interval, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local whole_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if whole_at > now + interval * burst then
  -- Later than any request can have moved it: the clock was set back.
  whole_at = now
end
local after = whole_at + interval * math.max(cost, 1)
local spare = interval * burst - (after - now)
if spare < 0 then
  return { 0, 0, math.ceil(-spare / 1000), math.ceil((whole_at - now) / 1000) }
end
local reset = math.ceil((after - now) / 1000)
if cost > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', reset)
end
return { 1, math.floor(spare / interval), 0, reset }
