-- Locks, holds and the log of the map. A seat's state is 0 available, 1 held or reserved, 2 sold.
--   :lock:{seat}  `user|fence`, gone when the lock expires
--   :locks        seat → when its lock expires: what the map shows as locked
--   :holds        user → each of their holds as `hold|fence|expires|seats;`; lapsed ones go when the next is written.
--                 A user without holds stays, with an empty text: so its length is how many have ever held seats
--   :log          seat and state as one number (`171`: seat 17 is held), one a version
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

-- The log is cut only now and then: a longer one does no harm.
local function log(changes)
  if #changes == 0 then
    return
  end
  version = redis.call('HINCRBY', p, 'version', #changes)
  redis.call('RPUSH', p .. ':log', unpack(changes))
  lasts(':log')
  if version % 256 < #changes then
    redis.call('LTRIM', p .. ':log', -LOG_MAX, -1)
  end
end

local function live_holds(user)
  local holds, text = {}, redis.call('HGET', p .. ':holds', user)
  if text then
    for token, fence, expires, seats in string.gmatch(text, '(%x+)|(%d+)|(%d+)|([%d,]+);') do
      if tonumber(expires) > now then
        holds[#holds + 1] = { token = token, fence = fence, expires = expires, seats = seats }
      end
    end
  end
  return holds
end

local function save_holds(user, holds)
  local text = ''
  for _, hold in ipairs(holds) do
    text = text .. hold.token .. '|' .. hold.fence .. '|' .. hold.expires .. '|' .. hold.seats .. ';'
  end
  redis.call('HSET', p .. ':holds', user, text)
  lasts(':holds')
end

-- The user's live holds without the named one, and that one if it is among them.
local function take_hold(user, token)
  local others, found = {}, nil
  for _, hold in ipairs(live_holds(user)) do
    if hold.token == token then
      found = hold
    else
      others[#others + 1] = hold
    end
  end
  return others, found
end

-- Whether the books, as far as they are known, rule the seat out.
local function blocked_by_books(text)
  if not text then
    return false
  end
  local record = read_record(text)
  return record.phase == 1 or (record.phase == 0 and record.till > now)
end

-- What the map shows of a seat now. It shows a lock for as long as `:locks` contains it.
local function shown(seat)
  local text = redis.call('HGET', p .. ':books', seat)
  local phase = text and read_record(text).phase
  if phase == 1 then
    return seat .. '2'
  elseif phase == 0 or redis.call('ZSCORE', p .. ':locks', seat) then
    return seat .. '1'
  end
  return seat .. '0'
end

-- Frees the seats of a hold whose locks are still its own.
local function unlock(user, hold)
  local changes = {}
  for _, seat in ipairs(indexes(hold.seats)) do
    if redis.call('GET', lock_key(seat)) == user .. '|' .. hold.fence then
      redis.call('DEL', lock_key(seat))
      redis.call('ZREM', p .. ':locks', seat)
      changes[#changes + 1] = shown(seat)
    end
  end
  log(changes)
end

-- Locks expire by themselves; the next look tells the map. At most 1,000 per step. Returns how many it found: no other
-- look finds the same.
local function drop_lapsed_locks()
  local lapsed = redis.call('ZRANGEBYSCORE', p .. ':locks', '-inf', now, 'LIMIT', 0, 1000)
  if #lapsed == 0 then
    return 0
  end
  redis.call('ZREM', p .. ':locks', unpack(lapsed))
  local changes = {}
  for i, seat in ipairs(lapsed) do
    changes[i] = shown(seat)
  end
  log(changes)
  return #lapsed
end
