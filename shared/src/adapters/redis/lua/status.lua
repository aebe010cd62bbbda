-- Status: make the due tick and say what is public. ARGV: flow.
-- Returns what (`draw` asks for the draw), nothing, issued, serving, calls a minute, how far to lease calls, departed
-- users, when, how many are inside.
if is_draw_due then
  return { 'draw', '', issued, serving, 0, 0, '', real, 0 }
end
local active, calls_to, departed = tick()
return { 'ok', '', issued, serving, called_per_min, calls_to, departed, real, active }
