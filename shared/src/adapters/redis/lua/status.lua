-- Status: make the due tick and return the public figures. ARGV: flow.
-- Returns `ok`, how far to lease calls, departed users, when, issued, serving, how many are inside, calls a minute; or
-- `draw`, of which only the first four stand: the caller has to make the draw.
if is_draw_due then
  return { 'draw', 0, '', real }
end
local active, calls_to, departed = tick()
return { 'ok', calls_to, departed, real, issued, serving, active, called_per_min }
