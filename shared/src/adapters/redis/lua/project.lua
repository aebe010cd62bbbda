-- Project: show what the books decided, and drop the hold that it was decided for.
-- ARGV: user and hold (both empty: none), then for each seat: seat, fence * 4 + phase, until, owner. Returns nothing.
local changes = {}
for i = 3, #ARGV, 4 do
  if apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) then
    changes[#changes + 1] = shown(ARGV[i])
  end
end
log(changes)
if ARGV[2] ~= '' then
  local others, hold = take_hold(ARGV[1], ARGV[2])
  if hold then
    unlock(ARGV[1], hold)
    save_holds(ARGV[1], others)
  end
end
return redis.status_reply('OK')
