-- Hold: lock the seats if all are free, else none. Asking for the same seats again returns the same hold. A hold of the
-- same user that shares only some seats is replaced, and the new one does not outlive it. Sending a hold again changes
-- nothing.
-- ARGV: user, hold, time to live in ms, most seats per user, then either the seats as `seat,seat`; or `best` or `entries`,
-- followed by how many, the version of a map, and where to look on it: see `best.lua` and `entries.lua`.
-- Returns what happened (fresh, same, held, sold, limit, none), hold, fence, expires, seats.
local user, token, ttl, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function any_blocked(seats)
  for _, text in ipairs(redis.call('HMGET', p .. ':books', unpack(seats))) do
    if blocked_by_books(text) then
      return true
    end
  end
  return false
end

-- The user's holds that share a seat with the wanted ones, the seats in them, the user's other holds, and how many
-- seats those have.
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

-- Locks every seat that the user does not already have, or none.
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

-- Moves the locks of replaced holds to the new one; seats that are no longer wanted become free.
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

local function count_of(holds)
  local count = 0
  for _, hold in ipairs(holds) do
    count = count + #indexes(hold.seats)
  end
  return count
end

local LIMIT, NONE = { 'limit', '', 0, 0, '' }, { 'none', '', 0, 0, '' }
local CHOOSE = { best = best_together, entries = lowest_entries }
local holds, text, choose = live_holds(user), ARGV[5], CHOOSE[ARGV[5]]
for _, hold in ipairs(holds) do
  if hold.token == token then
    return { 'fresh', token, hold.fence, hold.expires, hold.seats }
  elseif hold.seats == text then
    return { 'same', hold.token, hold.fence, hold.expires, text }
  end
end
local booked = tonumber(redis.call('HGET', p .. ':booked', user) or 0)
if choose then
  -- Free seats are in none of the user's holds, so all of those count.
  local wanted = tonumber(ARGV[6])
  if booked + count_of(holds) + wanted > most then
    return LIMIT
  end
  text = choose(wanted, 7)
  if not text then
    return NONE
  end
end
local seats = indexes(text)
local replaced, own, kept, count = overlap(holds, seats)
if booked + count + #seats > most then
  return LIMIT
end
local ends = now + ttl
for _, hold in ipairs(replaced) do
  ends = math.min(ends, tonumber(hold.expires))
end
-- As text from here on: Redis is slow at formatting numbers.
local fence, expires = int(version + 1), int(ends)
local value = user .. '|' .. fence
if any_blocked(seats) or not lock(seats, own, value, expires) then
  return choose and NONE or in_the_way(seats, own)
end
if #replaced > 0 then
  replace(replaced, seats, value, expires)
end
remember(seats, expires)
kept[#kept + 1] = { token = token, fence = fence, expires = expires, seats = text }
save_holds(user, kept)
return { 'fresh', token, fence, expires, text }
