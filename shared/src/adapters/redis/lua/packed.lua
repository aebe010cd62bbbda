-- How the numbers of a room and of a person are packed: see `record.lua`.
local ROOM, MEMBER, PAST = '>i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8i8', '>i6I6', '>I4I4'

