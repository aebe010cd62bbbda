-- Project: write to the map what the books decided, and drop the holds that led to it.
-- ARGV: whether a fence above the version means that Redis went back in time (1 or empty), then for each seat: seat,
-- fence * 4 + phase, until, the user whose hold it was (empty: unknown). Returns nothing.
local function fence_of(order)
  return math.floor(tonumber(order) / 4)
end

local function drop_hold(user, fence)
  local kept, found = {}, nil
  for _, hold in ipairs(live_holds(user)) do
    if tonumber(hold.fence) == fence then
      found = hold
    else
      kept[#kept + 1] = hold
    end
  end
  if found then
    unlock(user, found)
    save_holds(user, kept)
  end
end

local fences = {}
for i = 2, #ARGV, 4 do
  local owner, fence = ARGV[i + 3], fence_of(ARGV[i + 1])
  if ARGV[1] ~= '' and fence > version then
    -- It is not known what else is missing, so the performance is no longer whole.
    redis.call('HDEL', p, 'server')
    return redis.error_reply('LOST a fence of the future was heard of')
  end
  if owner ~= '' then
    fences[owner] = fence
  end
end

local changes = {}
for i = 2, #ARGV, 4 do
  if apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) then
    changes[#changes + 1] = shown(ARGV[i])
  end
end
log(changes)
for owner, fence in pairs(fences) do
  drop_hold(owner, fence)
end
return redis.status_reply('OK')
