-- Which standing places to take: `FreeEntries::lowest` of the domain, applied to what is free now. That is the map as the
-- caller saw it, corrected by what the log says of each place since. It goes through the runs that the caller saw only as
-- far as it must: past one place for each change, and past runs without room.

-- The places of an area that came free since, lowest first.
local function came_free(changed, first, last)
  local free = {}
  for place, is_free in pairs(changed) do
    if is_free and place >= first and place <= last then
      free[#free + 1] = place
    end
  end
  table.sort(free)
  return free
end

-- The lowest places as `seat,seat`; nothing if there are too few, or none together where they may not be parted.
-- ARGV from `at`: the version of the caller's map, first and last place of the area, `1` if places apart may be taken,
-- runs of free places as `first-last,`.
local function lowest_entries(count, at)
  local changed = changed_since(tonumber(ARGV[at]))
  if not changed then
    return nil
  end
  local lowest, together, before = {}, 0, nil
  -- Whether this free place ends a group.
  local function take(place)
    together = place - 1 == before and together + 1 or 1
    before = place
    if #lowest < count then
      lowest[#lowest + 1] = int(place)
    end
    return together == count
  end
  local function run_that_ends(place)
    local run = {}
    for i = 1, count do
      run[i] = int(place - count + i)
    end
    return table.concat(run, ',')
  end

  local came, next_came = came_free(changed, tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])), 1
  for first, last in string.gmatch(ARGV[at + 4], '(%d+)-(%d+),') do
    first, last = tonumber(first), tonumber(last)
    while came[next_came] and came[next_came] <= last do
      -- Those within the run are gone through with it.
      if came[next_came] < first and take(came[next_came]) then
        return run_that_ends(came[next_came])
      end
      next_came = next_came + 1
    end
    for place = first, last do
      if changed[place] ~= false and take(place) then
        return run_that_ends(place)
      end
    end
  end
  for i = next_came, #came do
    if take(came[i]) then
      return run_that_ends(came[i])
    end
  end
  return ARGV[at + 3] == '1' and #lowest == count and table.concat(lowest, ',') or nil
end

