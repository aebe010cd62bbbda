-- Status: make the due tick and say what is public. ARGV: flow.
-- Returns what, how far to lease calls, departed users, when; then, unless that is `draw`, which asks for the draw:
-- issued, serving, how many are inside, calls a minute.
if is_draw_due then
  return { 'draw', 0, '', real }
end
local active, calls_to, departed = tick()
return { 'ok', calls_to, departed, real, issued, serving, active, called_per_min }
