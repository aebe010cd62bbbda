-- Join: take the next number, or keep the one that is still good. Nobody is called by it: the next look does that.
-- ARGV: flow, user, the number of a signed ticket or 0, how long a lease of numbers may take in ms.
-- Returns state, number, serving, whether it is new. States beside a place's: `lease` asks the caller to lease numbers,
-- `wait` says that somebody else does.
local user = ARGV[7]
local number = number_of(user, tonumber(ARGV[8]))
local state = number and state_of(user, number)
if state == 'waiting' or state == 'called' or state == 'admitted' then
  return { state, math.abs(number), serving, 0 }
end
if issued >= lease_end then
  if tonumber(redis.call('HGET', p, 'leasing_until') or 0) > now then
    return { 'wait', 0, 0, 0 }
  end
  redis.call('HSET', p, 'leasing_until', int(now + ARGV[9]))
  return { 'lease', 0, 0, 0 }
end
number = redis.call('HINCRBY', p, 'issued', 1)
redis.call('HSET', p .. ':members', user, number)
return { 'waiting', number, serving, 1 }
