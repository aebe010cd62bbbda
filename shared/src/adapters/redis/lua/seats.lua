-- Locks, holds and the log of the map. A seat's state is 0 available, 1 held or reserved, 2 sold.
--   :lock:{seat}  `user|fence`, gone when the lock runs out
--   :locks        seat → when its lock runs out: what the map shows as locked
--   :holds:{user} hold → `fence|expires|seats`
--   :log          seat * 4 + state, one for each step of the version
local LOG_MAX = 4096

local function lock_key(seat)
  return p .. ':lock:' .. seat
end

local function indexes(text)
  local seats = {}
  for seat in string.gmatch(text, '%d+') do
    seats[#seats + 1] = seat
  end
  return seats
end

-- The log is cut now and then only: that it is longer than it need be does no harm.
local function log(changes)
  if #changes == 0 then
    return
  end
  version = redis.call('HINCRBY', p, 'version', #changes)
  redis.call('RPUSH', p .. ':log', unpack(changes))
  if version % 256 < #changes then
    redis.call('LTRIM', p .. ':log', -LOG_MAX, -1)
  end
end

local function read_hold(token, text)
  local fence, expires, seats = string.match(text, '^(%d+)|(%d+)|(.*)$')
  return { token = token, fence = tonumber(fence), expires = tonumber(expires), seats = seats }
end

-- The hold, if it is live and this user's.
local function find_hold(user, token)
  local text = redis.call('HGET', p .. ':holds:' .. user, token)
  local hold = text and read_hold(token, text)
  return hold and hold.expires > now and hold or nil
end

-- What the map shows of a seat now.
local function shown(seat)
  local text = redis.call('HGET', p .. ':books', seat)
  local phase = text and read_record(text).phase
  if phase == 1 then
    return seat * 4 + 2
  elseif phase == 0 or redis.call('EXISTS', lock_key(seat)) == 1 then
    return seat * 4 + 1
  end
  return seat * 4
end

-- Drop a hold and those of its locks that are still its own.
local function drop_hold(user, hold)
  local changes = {}
  for _, seat in ipairs(indexes(hold.seats)) do
    if redis.call('GET', lock_key(seat)) == user .. '|' .. int(hold.fence) then
      redis.call('DEL', lock_key(seat))
      redis.call('ZREM', p .. ':locks', seat)
      changes[#changes + 1] = shown(seat)
    end
  end
  redis.call('HDEL', p .. ':holds:' .. user, hold.token)
  log(changes)
end

-- Locks end by themselves; the map hears of it from whoever looks next. At most 1,000 a step.
local function drop_lapsed_locks()
  local lapsed = redis.call('ZRANGEBYSCORE', p .. ':locks', '-inf', now, 'LIMIT', 0, 1000)
  if #lapsed == 0 then
    return
  end
  redis.call('ZREM', p .. ':locks', unpack(lapsed))
  local changes = {}
  for i, seat in ipairs(lapsed) do
    changes[i] = shown(seat)
  end
  log(changes)
end
