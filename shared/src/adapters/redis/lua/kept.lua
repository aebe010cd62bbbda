-- All keys of a performance except its record and the locks of its seats.
local PARTS_OF_ROOM = {
  ':members', ':past', ':pool', ':block', ':given_up', ':calls', ':recalls', ':door', ':knocks', ':active', ':sessions', ':gone',
}
local PARTS_OF_MAP = { ':books', ':booked', ':paid', ':sold', ':reserved', ':locks', ':holds', ':log' }

-- What is left of a waiting room before it is rebuilt: the numbers of `packed.lua`, or those of a new room.
local room = redis.call('HGET', p, 'room')
local is_new = not room
if room then
  unpack_room(room)
else
  issued, lease_end, serving, called_to, pool_size, frozen, offset, looked_at, settled_at, refilled_at, budget,
    claim_rate, claim_delay, aged_to, rate_seen, brake_pace, braked_at, measured_at, measured_calls, called_per_min =
    0, 0, 0, 0, -1, 0, 0, -1, 0, -1, 0, CLAIM_RATE_ONE, BURST_MS, 0, 0, 0, 0, 0, 0, 0
end
-- By the room's clock.
now = now + offset
if looked_at >= 0 then
  now = math.min(math.max(now, looked_at), looked_at + GAP_MAX_MS)
end
