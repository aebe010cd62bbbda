-- How the numbers of a room and of an account are packed: see `record.lua`.
local ROOM, MEMBER, PAST = '>i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8', '>i6I6', '>I4I4'

-- The numbers of a room: see `RoomModel` and `Speed` of the domain. -1: none. Times are the room's own, ms.
local issued, lease_end, serving, called_to, pool_size, frozen, offset, looked_at, settled_at, refilled_at, budget,
  claim_rate, claim_delay, aged_to, rate_seen, brake_pace, braked_at, measured_at, measured_calls, called_per_min

local function unpack_room(text)
  issued, lease_end, serving, called_to, pool_size, frozen, offset, looked_at, settled_at, refilled_at, budget,
    claim_rate, claim_delay, aged_to, rate_seen, brake_pace, braked_at, measured_at, measured_calls, called_per_min =
    struct.unpack(ROOM, text)
end

local function packed_room()
  return struct.pack(ROOM, issued, lease_end, serving, called_to, pool_size, frozen, offset, looked_at, settled_at,
    refilled_at, budget, claim_rate, claim_delay, aged_to, rate_seen, brake_pace, braked_at, measured_at,
    measured_calls, called_per_min)
end

