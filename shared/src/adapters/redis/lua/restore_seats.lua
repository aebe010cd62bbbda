-- Restore seats: take over what the books say of some seats while the performance is lost. This is the same step as
-- `project`, so a rebuild that stopped half-way, or two at once, do no harm.
-- ARGV: for each seat: seat, fence * 4 + phase, until, owner. Returns nothing.
for i = 1, #ARGV, 4 do
  apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return redis.status_reply('OK')
