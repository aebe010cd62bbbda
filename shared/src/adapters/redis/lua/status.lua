-- Status: make the due tick and return the public figures. ARGV: flow.
-- Returns the outcome, how far to lease calls, departed users, when; then by outcome
--   ok    issued, serving, how many are inside, calls a minute, how many are called for the first and for the second
--         time, claim rate
--   draw  nothing: the caller has to make the draw
if is_draw_due then
  return { 'draw', 0, '', real }
end
local active, calls_to, departed = tick()
local first, second = redis.call('ZCARD', p .. ':calls'), redis.call('ZCARD', p .. ':recalls')
return { 'ok', calls_to, departed, real, issued, serving, active, called_per_min, first, second, claim_rate }
