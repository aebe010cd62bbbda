-- Status: make the due tick and return the public figures. ARGV: flow.
-- Returns the outcome, how far to lease calls, departed users, when; then by outcome
--   ok    issued, serving, how many are inside, calls a minute
--   draw  nothing: the caller has to make the draw
if is_draw_due then
  return { 'draw', 0, '', real }
end
local active, calls_to, departed = tick()
return { 'ok', calls_to, departed, real, issued, serving, active, called_per_min }
