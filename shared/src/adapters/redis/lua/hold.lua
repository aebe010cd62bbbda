-- Hold: lock the first alternative whose seats are all free, or nothing. The same seats again are the same hold; a hold
-- of the same user that shares only some seats is replaced, and the new one does not outlive it.
-- ARGV: user, hold, how long in ms, seats of one person at most, then each alternative as `seat,seat`.
-- Returns what happened (fresh, same, held, sold, limit), hold, fence, expires, seats.
local user, token, ttl, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function blocked_by_books(text)
  if not text then
    return false
  end
  local record = read_record(text)
  return record.phase == 1 or (record.phase == 0 and record.till > now)
end

local function any_blocked(seats)
  for _, text in ipairs(redis.call('HMGET', p .. ':books', unpack(seats))) do
    if blocked_by_books(text) then
      return true
    end
  end
  return false
end

-- The user's holds that share a seat with the wanted ones, the seats in them, their other holds and how many seats
-- are in those.
local function overlap(holds, seats)
  local wanted, replaced, own, kept, count = {}, {}, {}, {}, 0
  if #holds == 0 then
    return replaced, own, kept, count
  end
  for _, seat in ipairs(seats) do
    wanted[seat] = true
  end
  for _, hold in ipairs(holds) do
    local theirs, shares = indexes(hold.seats), false
    for _, seat in ipairs(theirs) do
      shares = shares or wanted[seat]
    end
    if shares then
      replaced[#replaced + 1] = hold
      for _, seat in ipairs(theirs) do
        own[seat] = true
      end
    else
      kept[#kept + 1], count = hold, count + #theirs
    end
  end
  return replaced, own, kept, count
end

-- Lock every seat that is not the user's own already, or none.
local function lock(seats, own, value, expires)
  for i, seat in ipairs(seats) do
    if not own[seat] and not redis.call('SET', lock_key(seat), value, 'NX', 'PXAT', expires) then
      for j = 1, i - 1 do
        if not own[seats[j]] then
          redis.call('DEL', lock_key(seats[j]))
        end
      end
      return false
    end
  end
  return true
end

-- Locks change over from the replaced holds; what is not wanted any more becomes free.
local function replace(replaced, seats, value, expires)
  for _, seat in ipairs(seats) do
    redis.call('SET', lock_key(seat), value, 'PXAT', expires)
  end
  for _, hold in ipairs(replaced) do
    unlock(user, hold)
  end
end

local function remember(seats, expires)
  local scores, changes = {}, {}
  for i, seat in ipairs(seats) do
    scores[2 * i - 1], scores[2 * i], changes[i] = expires, seat, seat .. '1'
  end
  redis.call('ZADD', p .. ':locks', unpack(scores))
  lasts(':locks')
  log(changes)
end

local function in_the_way(seats, own)
  local sold, held = {}, {}
  local records = redis.call('HMGET', p .. ':books', unpack(seats))
  for i, seat in ipairs(seats) do
    if records[i] and read_record(records[i]).phase == 1 then
      sold[#sold + 1] = seat
    elseif blocked_by_books(records[i]) or (not own[seat] and redis.call('EXISTS', lock_key(seat)) == 1) then
      held[#held + 1] = seat
    end
  end
  if #sold > 0 then
    return { 'sold', '', 0, 0, table.concat(sold, ',') }
  end
  return { 'held', '', 0, 0, table.concat(held, ',') }
end

local holds = live_holds(user)
local booked = tonumber(redis.call('HGET', p .. ':booked', user) or 0)
local refusal
for a = 5, #ARGV do
  local text = ARGV[a]
  for _, hold in ipairs(holds) do
    if hold.seats == text then
      return { 'same', hold.token, hold.fence, hold.expires, text }
    end
  end
  local seats = indexes(text)
  local replaced, own, kept, count = overlap(holds, seats)
  local ends = now + ttl
  for _, hold in ipairs(replaced) do
    ends = math.min(ends, tonumber(hold.expires))
  end
  -- As text from here on: Redis is slow at writing numbers.
  local fence, expires = int(version + 1), int(ends)
  local value = user .. '|' .. fence
  if booked + count + #seats > most then
    refusal = refusal or { 'limit', '', 0, 0, '' }
  elseif not any_blocked(seats) and lock(seats, own, value, expires) then
    if #replaced > 0 then
      replace(replaced, seats, value, expires)
    end
    remember(seats, expires)
    kept[#kept + 1] = { token = token, fence = fence, expires = expires, seats = text }
    save_holds(user, kept)
    return { 'fresh', token, fence, expires, text }
  else
    refusal = refusal or in_the_way(seats, own)
  end
end
return refusal
