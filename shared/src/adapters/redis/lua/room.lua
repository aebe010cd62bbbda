-- What the steps of the waiting room share.
-- ARGV of each begins with the flow: cap, rate a minute, whether to call, whether the sale is paused, whether people
-- gather for a draw (0: never, 1: now, 2: the draw is due), call window, session, heartbeat (ms). Then come the user,
-- what they hold (`n`: a number, `e`: an entry, or empty) and its position.
local cap, rate, is_calling, is_paused = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', ARGV[4] == '1'
local is_gathering, is_draw_due = ARGV[5] ~= '0' and pool_size < 0, ARGV[5] == '2' and pool_size < 0
local call_window, session, heartbeat = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local user, held, held_position = ARGV[9], ARGV[10], tonumber(ARGV[11])

-- The clock moves on, unless the sale is paused.
local function look()
  time()
  if is_paused and looked_at >= 0 then
    now = looked_at
  end
  offset, looked_at = now - real, now
end

-- Removes the lapsed members of a set of deadlines and returns them.
local function take_lapsed(key)
  local lapsed = redis.call('ZRANGEBYSCORE', p .. key, '-inf', int(now), 'LIMIT', 0, LAPSED_MAX)
  if #lapsed > 0 then
    redis.call('ZREM', p .. key, unpack(lapsed))
  end
  return lapsed
end

-- Stops counting on calls that have not been answered for long.
local function give_up_waiting()
  local patience = math.min(math.max(claim_delay * PATIENCE_DELAYS, PATIENCE_LEAST_MS), call_window)
  local cut = now + call_window - patience
  if cut > aged_to then
    local silent = redis.call('ZCOUNT', p .. ':calls', '(' .. int(aged_to), int(cut))
    for _ = 1, math.min(silent, CALLS_PER_TICK_MAX) do
      claim_rate = math.max(claim_rate - math.floor(claim_rate / RATE_WEIGHT), CLAIM_RATE_LEAST)
    end
    aged_to = cut
  end
end

-- A missed call is repeated once; after a second one the number is gone. A number that fell silent at the door is
-- called once more, too.
local function repeat_missed_calls()
  take_lapsed(':recalls')
  local silent = take_lapsed(':knocks')
  if #silent > 0 then
    redis.call('ZREM', p .. ':door', unpack(silent))
  end
  for _, missed in ipairs({ take_lapsed(':calls'), silent }) do
    for _, number in ipairs(missed) do
      add(':recalls', int(now + call_window), number)
    end
  end
end

local function refill()
  rate_seen = rate
  local speed = rate_now()
  local full = math.max(speed * BURST_MS, CALL_COST)
  local elapsed = refilled_at < 0 and BURST_MS or math.min(math.max(now - refilled_at, 0), GAP_MAX_MS)
  budget = math.min(budget + elapsed * speed, full)
  if serving == 0 then
    budget = math.max(budget, CALL_COST)
  end
  refilled_at = now
end

-- How many would be called now if enough calls were leased.
local function calls_wanted(active)
  if not is_calling or is_gathering then
    return 0
  end
  local free = math.max(cap - active - redis.call('ZCARD', p .. ':door'), 0)
  local counted_on = redis.call('ZCOUNT', p .. ':calls', '(' .. int(aged_to), '+inf')
  local filling = math.floor(math.max(free * CLAIM_RATE_ONE - counted_on * claim_rate, 0) / claim_rate)
  return math.min(filling, math.floor(budget / CALL_COST), math.max(issued - serving, 0), CALLS_PER_TICK_MAX)
end

local function measure(calls)
  measured_calls = measured_calls + calls
  if measured_at == 0 or (issued <= serving and measured_calls == 0) then
    measured_at = now
    return
  end
  local elapsed = math.max(now - measured_at, 0)
  if elapsed >= MEASURE_MS then
    local sample = math.floor(measured_calls * 60000 / elapsed)
    called_per_min = called_per_min == 0 and sample or math.floor((called_per_min * 3 + sample) / 4)
    measured_at, measured_calls = now, 0
  end
end

local function call(due)
  local calls = {}
  local are_given_up = due > 0 and redis.call('EXISTS', p .. ':given_up') == 1
  for _ = 1, due do
    serving = serving + 1
    if not are_given_up or redis.call('SREM', p .. ':given_up', int(serving)) == 0 then
      calls[#calls + 1] = int(now + call_window)
      calls[#calls + 1] = int(serving)
    end
  end
  if #calls > 0 then
    add(':calls', unpack(calls))
  end
end

-- Drops what has lapsed, then calls as many as there is room for. Returns how many are inside, how far calls should be
-- leased (0: far enough, -1: another process is leasing them), and the users whose admission has just lapsed.
local function tick()
  look()
  give_up_waiting()
  local departed = take_lapsed(':active')
  take_lapsed(':sessions')
  repeat_missed_calls()
  refill()
  local active = redis.call('ZCARD', p .. ':active')
  local wanted = now < settled_at and 0 or calls_wanted(active)
  local due = math.min(wanted, math.max(called_to - serving, 0))
  measure(due)
  budget = budget - due * CALL_COST
  call(due)
  local calls_to = 0
  if wanted > due and called_to < lease_end then
    if is_leasing('calls_leasing_until') then
      calls_to = -1
    else
      -- Plus calls for one second ahead, and no more: after a loss all leased calls count as made.
      calls_to = math.min(serving + wanted - due + math.floor(called_per_min / 60), lease_end)
      redis.call('HSET', p, 'calls_leasing_until', int(real + LEASE_WITHIN_MS))
    end
  end
  save()
  return active, calls_to, table.concat(departed)
end

local function state_of(kind, position)
  if ends_later(':active', user) then
    return 'admitted'
  elseif position <= 0 then
    return 'left'
  elseif kind == 'e' then
    return 'prequeue'
  elseif position > serving then
    return 'waiting'
  elseif is_called(position) or ends_later(':sessions', user) then
    return 'called'
  end
  return 'lapsed'
end

local function believe(number, is_known)
  issued = math.max(issued, held_position)
  if not is_known and number <= serving and not ends_later(':active', user) and not is_called(number) then
    add(':calls', int(now + call_window), int(number))
  end
  save()
end

-- Weighs the known number against the signed one. Losses can give one account several numbers: the earliest shown
-- counts, and the other is given up; between two drawn numbers there is no choice. Once the number that counted has
-- ended, so have all up to it. A later one that the room never gave up was joined for anew in a moment that was lost.
local function weigh(number, polls_whole_at)
  local name = math.abs(number)
  if held == 'e' and (pool_size < 0 or name <= pool_size or held_position > pool_size) then
    return 'n', number
  end
  local state = state_of('n', number)
  local is_over = state == 'lapsed' or state == 'left'
  local ended_to, given_up_to = past(user)
  if held == 'e' then
    if not is_over and ended_to < pool_size then
      return 'number_of', held_position
    end
  elseif is_over and held_position > math.max(name, given_up_to) and held_position <= lease_end then
    end_numbers(user, name)
    number = held_position
    keep_member(':members', user, number)
    believe(number, false)
  elseif not is_over and held_position < name and held_position > ended_to and name > pool_size then
    give_up(name)
    keep_past(user, ended_to, math.max(given_up_to, name))
    number = number < 0 and -held_position or held_position
    keep_member(':members', user, number, polls_whole_at)
    believe(number, false)
  end
  return 'n', number
end

-- What the user holds as far as the room knows: 'n' and a number, 'e' and an entry (0 or less: they left), or nothing
-- for an unknown user. If the caller has to find the number that an entry drew: 'number_of' and the entry. A signed
-- ticket is believed if the user was forgotten; a number that was called already is called again.
local function resolve()
  local number, polls_whole_at = member_in(':members', user)
  if number then
    if held ~= '' and number ~= 0 and held_position ~= math.abs(number) then
      return weigh(number, polls_whole_at)
    end
    return 'n', number
  end
  local entry
  entry, polls_whole_at = member_in(':pool', user)
  if is_gathering then
    -- The earliest entry counts. After the draw, what the room knew then stands: there is no choice between two.
    if held == 'e' and held_position <= lease_end and (not entry or held_position < math.abs(entry)) then
      entry = entry and entry < 0 and -held_position or held_position
      add_member(':pool', user, entry, polls_whole_at)
    end
    return entry and 'e', entry
  elseif held == 'n' and held_position <= lease_end then
    number = entry and entry < 0 and -held_position or held_position
    redis.call('HDEL', p .. ':pool', user)
    add_member(':members', user, number, polls_whole_at)
    believe(number, entry)
    return 'n', number
  elseif entry then
    return 'number_of', math.abs(entry)
  elseif held == 'e' then
    return 'number_of', held_position
  end
end

-- A position as the client is told it. A user who left while forgotten has none here, but a ticket may show it.
local function told(position)
  return position == 0 and held_position or math.abs(position)
end
