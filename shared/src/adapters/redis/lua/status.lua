-- Status: make the due tick and say what everybody may know.
-- ARGV: flow. Returns serving, issued, active.
local active = tick()
return { serving, issued, active }
