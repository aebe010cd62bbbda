-- What the books say of each seat, as far as Redis has heard. A seat is its index as text.
--   :books           seat → `fence * 4 + phase|until|owner`; phase 0 reserved, 1 sold, 2 available (no owner)
--   :booked          user → how many seats of `:books` they own
--   :paid            users who have ever owned a sold seat
--   :sold, :reserved a bitmap and a set of seats, derived from `:books`
local function read_record(text)
  local order, till, owner = string.match(text, '^(%d+)|(%d+)|(.*)$')
  return { order = tonumber(order), phase = order % 4, till = tonumber(till), owner = owner }
end

-- Accepts what the books say of a seat, unless something later is already known: order and repeats do not matter.
-- Returns whether it was accepted.
local function apply(seat, order, till, owner)
  local text = redis.call('HGET', p .. ':books', seat)
  local before = text and read_record(text) or { order = -1, owner = '' }
  local phase = order % 4
  if tonumber(order) <= before.order then
    return false
  end
  if phase == 2 then
    owner = ''
  end
  redis.call('HSET', p .. ':books', seat, order .. '|' .. till .. '|' .. owner)
  if owner ~= before.owner then
    if before.owner ~= '' then
      redis.call('HINCRBY', p .. ':booked', before.owner, -1)
    end
    if owner ~= '' then
      redis.call('HINCRBY', p .. ':booked', owner, 1)
      lasts(':booked')
    end
  end
  if phase == 1 and redis.call('SADD', p .. ':paid', owner) == 1 then
    lasts(':paid')
  end
  redis.call('SETBIT', p .. ':sold', seat, phase == 1 and 1 or 0)
  redis.call(phase == 0 and 'SADD' or 'SREM', p .. ':reserved', seat)
  lasts(':books')
  lasts(':sold')
  lasts(':reserved')
  return true
end
