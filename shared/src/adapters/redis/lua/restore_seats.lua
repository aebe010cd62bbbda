-- Restore seats: hear again what the books say of some seats, while the performance is lost. It is the same step as
-- project, so a rebuild that stopped half-way, or two of them, do no harm.
-- ARGV: for each seat: seat, fence * 4 + phase, until, owner. Returns nothing.
for i = 1, #ARGV, 4 do
  apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return redis.status_reply('OK')
