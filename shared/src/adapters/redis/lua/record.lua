-- The state of a waiting room: `domain::queue::RoomModel`, each step atomic. A user is 16 bytes.
--   the record   `room`: the numbers of `packed.lua`; `server`: the process in which the performance is whole;
--                `leasing_until`, `calls_leasing_until`: how long others wait for a process that is leasing;
--                `entered`: how many admissions were given since the epoch `counts_since`, in which the record was made;
--                `skipped`: how many numbers were skipped since, up to `skipped_to`, because they may have been given
--   :members     user → number (negative once they left) and when their allowance of polls is whole again, packed
--   :past        user → the number up to which all of theirs have ended, and the highest that was given up for an
--                earlier one, packed
--   :pool        the same as :members with entries: those who gathered for the draw and have no number yet
--   :block       users of the entries that are not in the roster yet, in order
--   :given_up    numbers that were given up before they were called
--   :calls       number → when its call ends
--   :recalls     the same for second calls
--   :door        numbers that claimed while the room was full, by number; :knocks says until when each is waited for
--   :active      user → when the admission ends unless it is renewed
--   :sessions    user → when the session ends
--   :gone        staff who left → until when an admission issued before may live, by the machine's clock

-- A server that has just started, or a replica that has just been promoted, may have missed the last moment.
local record = redis.call('HMGET', p, 'server', 'room')
if record[1] ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then
  return redis.error_reply('LOST the last moment may be missing')
end

unpack_room(record[2])

local function save()
  redis.call('HSET', p, 'room', packed_room())
end

-- The time by the room's clock: see `GAP_MAX_MS`.
local real = now
local function time()
  now = real + offset
  if looked_at >= 0 then
    now = math.min(math.max(now, looked_at), looked_at + GAP_MAX_MS)
  end
end

-- The organizer's rate, or less while the brake is being released.
local function rate_now()
  if brake_pace == 0 then
    return rate_seen
  end
  local doublings = math.min(math.floor(math.max(now - braked_at, 0) / RECOVERY_MS), DOUBLINGS_MAX)
  return math.min(rate_seen, brake_pace * 2 ^ doublings)
end

-- Whether a process is leasing from the books now. A time further ahead than any lease takes comes from a clock that
-- has since been set back.
local function is_leasing(field)
  local until_ms = tonumber(redis.call('HGET', p, field) or 0)
  return until_ms > real and until_ms <= real + LEASE_WITHIN_MS
end

-- Grows with each rebuild.
local epoch = math.floor(version / 4294967296)

-- A number or entry (0 or less: they left) and when the allowance of polls is whole again; nothing if unknown.
local function member_in(key, user)
  local member = redis.call('HGET', p .. key, user)
  if member then
    return struct.unpack(MEMBER, member)
  end
end

local function keep_member(key, user, position, polls_whole_at)
  redis.call('HSET', p .. key, user, struct.pack(MEMBER, position, polls_whole_at or 0))
end

local function add_member(key, user, position, polls_whole_at)
  keep_member(key, user, position, polls_whole_at)
  lasts(key)
end

-- Adds to a part of the room that is a sorted set.
local function add(key, ...)
  redis.call('ZADD', p .. key, ...)
  lasts(key)
end

local function past(user)
  local kept = redis.call('HGET', p .. ':past', user)
  if kept then
    return struct.unpack(PAST, kept)
  end
  return 0, 0
end

local function keep_past(user, ended_to, given_up_to)
  redis.call('HSET', p .. ':past', user, struct.pack(PAST, ended_to, given_up_to))
  lasts(':past')
end

-- The number that counted has ended, and with it all numbers given up for it.
local function end_numbers(user, number)
  local ended_to, given_up_to = past(user)
  keep_past(user, math.max(ended_to, given_up_to, number), 0)
end

local function ends_later(key, user)
  local at = redis.call('ZSCORE', p .. key, user)
  return at and tonumber(at) > now and tonumber(at)
end

local function is_called(number)
  local name = int(number)
  return redis.call('ZSCORE', p .. ':calls', name) or redis.call('ZSCORE', p .. ':recalls', name)
    or redis.call('ZSCORE', p .. ':door', name)
end

local function forget_call(number)
  local name = int(number)
  redis.call('ZREM', p .. ':calls', name)
  redis.call('ZREM', p .. ':recalls', name)
  redis.call('ZREM', p .. ':knocks', name)
  redis.call('ZREM', p .. ':door', name)
end

-- A number will not be used: if it has not been called yet, it need not be.
local function give_up(number)
  if number > serving then
    redis.call('SADD', p .. ':given_up', int(number))
    lasts(':given_up')
  end
  forget_call(number)
end
