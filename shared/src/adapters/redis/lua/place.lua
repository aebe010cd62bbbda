-- Place: make the due tick and say where the owner of a signed number stands.
-- ARGV: flow, user, number. Returns state, number, serving.
tick()
local signed = tonumber(ARGV[8])
local number = number_of(ARGV[7], signed)
if not number then
  return { 'lapsed', signed, serving }
end
return { state_of(ARGV[7], number), number == 0 and signed or math.abs(number), serving }
