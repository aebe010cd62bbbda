-- What the steps of the waiting room share: `domain::queue::WaitingRoom`, atomic. A user is 16 bytes.
--   the record   issued, lease_end, leasing_until, serving, budget, ticked_at, rebuilt_at
--   :members     user → number, negative once they left
--   :calls       number → until when the call waits for its claim
--   :missed      number → calls so far, from the second one on
--   :active      user → when the admission ends unless it is renewed
--   :sessions    user → when it ends for good
--   :left        user → until when a signed admission of theirs might still turn up
-- ARGV of each begins with the flow: cap, rate a minute, whether to call, call window, session, heartbeat (ms).
local cap, rate, is_calling = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local call_window, session, heartbeat = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local LAPSED_MAX = 1000

local room = redis.call('HMGET', p, 'issued', 'lease_end', 'serving', 'budget', 'ticked_at', 'rebuilt_at')
local issued, lease_end = tonumber(room[1]), tonumber(room[2])
local serving, budget = tonumber(room[3]), tonumber(room[4] or 0)
local ticked_at, rebuilt_at = tonumber(room[5] or 0), tonumber(room[6] or 0)

-- After a loss people may be inside whom nobody remembers. Until each of them gave a sign of life or ran out of time,
-- nobody goes in: so the cap holds.
local is_settling = now < rebuilt_at + heartbeat

local function drop_lapsed_admissions()
  local lapsed = redis.call('ZRANGEBYSCORE', p .. ':active', '-inf', now, 'LIMIT', 0, LAPSED_MAX)
  if #lapsed > 0 then
    redis.call('ZREM', p .. ':active', unpack(lapsed))
    redis.call('HDEL', p .. ':sessions', unpack(lapsed))
  end
end

local function repeat_missed_calls()
  local missed = redis.call('ZRANGEBYSCORE', p .. ':calls', '-inf', now, 'LIMIT', 0, LAPSED_MAX)
  for _, number in ipairs(missed) do
    local calls = tonumber(redis.call('HGET', p .. ':missed', number) or 1) + 1
    if calls > CALLS_MAX then
      redis.call('ZREM', p .. ':calls', number)
      redis.call('HDEL', p .. ':missed', number)
    else
      redis.call('ZADD', p .. ':calls', now + call_window, number)
      redis.call('HSET', p .. ':missed', number, calls)
    end
  end
end

local function refill()
  local elapsed = ticked_at > 0 and math.max(now - ticked_at, 0) or BURST_MS
  local full = math.max(rate * BURST_MS, CALL_COST)
  budget = math.min(elapsed * rate + budget, full)
  if serving == 0 then
    budget = math.max(budget, CALL_COST)
  end
end

local function calls_due(active)
  if not is_calling or is_settling then
    return 0
  end
  local free = math.max(cap - active - redis.call('ZCARD', p .. ':calls'), 0)
  return math.min(math.floor(budget / CALL_COST), free, math.max(issued - serving, 0), CALLS_PER_TICK_MAX)
end

local function call(due)
  local calls = {}
  for i = 1, due do
    calls[2 * i - 1], calls[2 * i] = now + call_window, serving + i
  end
  if due > 0 then
    redis.call('ZADD', p .. ':calls', unpack(calls))
  end
  serving, budget = serving + due, budget - due * CALL_COST
end

-- Drop what lapsed, then call whom there is room for. Returns how many are inside.
local function tick()
  drop_lapsed_admissions()
  repeat_missed_calls()
  refill()
  local active = redis.call('ZCARD', p .. ':active')
  call(calls_due(active))
  redis.call('HSET', p, 'serving', int(serving), 'budget', int(budget), 'ticked_at', int(now))
  redis.call('ZREMRANGEBYSCORE', p .. ':left', '-inf', now)
  return active
end

-- The user's number (negative: they left), or nil. A number that was signed is believed when the user is forgotten;
-- if it was called already, it is called again.
local function number_of(user, signed)
  local number = redis.call('HGET', p .. ':members', user)
  if number then
    return tonumber(number)
  elseif signed == 0 or signed > lease_end then
    return nil
  end
  redis.call('HSET', p .. ':members', user, int(signed))
  if signed > issued then
    issued = signed
    redis.call('HSET', p, 'issued', int(issued))
  end
  if signed <= serving then
    redis.call('ZADD', p .. ':calls', math.max(now, rebuilt_at + heartbeat) + call_window, int(signed))
  end
  return signed
end

local function state_of(user, number)
  local expires = redis.call('ZSCORE', p .. ':active', user)
  if expires and tonumber(expires) > now then
    return 'admitted'
  elseif number <= 0 then
    return 'left'
  elseif number > serving then
    return 'waiting'
  end
  return redis.call('ZSCORE', p .. ':calls', int(number)) and 'called' or 'lapsed'
end

local function forget_call(number)
  redis.call('ZREM', p .. ':calls', int(number))
  redis.call('HDEL', p .. ':missed', int(number))
end
