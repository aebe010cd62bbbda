-- Which seats to take for a group: `best_run` of the domain, applied to what is free now. That is the map as the caller
-- saw it, corrected by what the log says of each seat since.
local OFF_MIDDLE_MAX = 4096
local byte, FREE = string.byte, string.byte('1')

-- Seat → whether it is free, for seats that changed since a version; nothing if that is too long ago.
local function changed_since(seen)
  local behind, free = version - seen, {}
  if behind < 0 or behind > CHANGES_MAX or behind > redis.call('LLEN', p .. ':log') then
    return nil
  elseif behind > 0 then
    for _, entry in ipairs(redis.call('LRANGE', p .. ':log', -behind, -1)) do
      local change = tonumber(entry)
      local state = change % 10
      free[(change - state) / 10] = state == 0
    end
  end
  return free
end

-- What taking some seats of a gap costs other buyers, with `left` and `right` seats of it staying free. Each seat left
-- alone counts two; a group of the same size (of two, for a single seat) that no longer fits counts one.
local function harm(count, left, right)
  local group = count > 2 and count or 2
  local lost = left % group + right % group + count % group - (left + count + right) % group
  return lost / group + (left == 1 and 2 or 0) + (right == 1 and 2 or 0)
end

-- The first of the best seats of one stretch, and their rank; both nothing if there are none.
local function best_of_stretch(first, twice_middle, seen, changed, count)
  local gap, best, least = 0, nil, nil
  for after = 1, #seen + 1 do
    local is_free = changed[first + after - 1]
    if is_free == nil or after > #seen then
      is_free = byte(seen, after) == FREE
    end
    if is_free then
      gap = gap + 1
    else
      for left = 0, gap - count do
        local start = first + after - 1 - gap + left
        local off_middle = math.abs(2 * start + count - twice_middle)
        local cost = harm(count, left, gap - count - left) * OFF_MIDDLE_MAX + off_middle
        if not least or cost < least then
          best, least = start, cost
        end
      end
      gap = 0
    end
  end
  return best, least
end

-- The same over all stretches of a row, and where those of the next row begin.
local function best_of_row(at, changed, count)
  local row, best, least = ARGV[at + 1], nil, nil
  local twice_middle = tonumber(row)
  while row == ARGV[at + 1] do
    local start, cost = best_of_stretch(tonumber(ARGV[at]), twice_middle, ARGV[at + 2], changed, count)
    if start and (not least or cost < least) then
      best, least = start, cost
    end
    at = at + 3
  end
  return best, least, at
end

-- The first of the best seats in the stretches from ARGV[at] on, best row first: first seat, twice the middle of the
-- row, and `1` for each seat that was free, `0` for the others. Stretches of one row follow one another. Nothing if
-- none has this many together.
local function best_run(at, changed, count)
  local looked_on, leaves_one_alone = 0, nil
  while ARGV[at] and looked_on <= LOOK_ON_ROWS do
    local best, least
    best, least, at = best_of_row(at, changed, count)
    if best and least < 2 * OFF_MIDDLE_MAX then
      return best
    end
    leaves_one_alone = leaves_one_alone or best
    if leaves_one_alone then
      looked_on = looked_on + 1
    end
  end
  return leaves_one_alone
end

-- The best seats as `seat,seat`. The caller saw the map of version ARGV[at]; its stretches follow.
local function best_together(count, at)
  local changed = changed_since(tonumber(ARGV[at]))
  local first = changed and best_run(at + 1, changed, count)
  if not first then
    return nil
  end
  local seats = {}
  for i = 1, count do
    seats[i] = tostring(first + i - 1)
  end
  return table.concat(seats, ',')
end
