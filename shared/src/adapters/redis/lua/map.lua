-- Map: return what changed since a version, if the log reaches back that far; else everything that is not available.
-- ARGV: the version, or an empty string.
-- Returns whether it is complete, version, changes, the bitmap of sold seats, reserved seats, locked seats, how many
-- locks had lapsed.
local lapsed = drop_lapsed_locks()
local behind = ARGV[1] ~= '' and version - tonumber(ARGV[1]) or -1
if behind == 0 then
  return { 0, version, {}, '', {}, {}, lapsed }
elseif behind > 0 and behind <= redis.call('LLEN', p .. ':log') then
  return { 0, version, redis.call('LRANGE', p .. ':log', -behind, -1), '', {}, {}, lapsed }
end
local sold = redis.call('GET', p .. ':sold') or ''
local reserved, locked = redis.call('SMEMBERS', p .. ':reserved'), redis.call('ZRANGE', p .. ':locks', 0, -1)
return { 1, version, {}, sold, reserved, locked, lapsed }
