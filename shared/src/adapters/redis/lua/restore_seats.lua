-- Restore seats: take over what the books say of some seats while the performance is lost. As in `project` a record is
-- taken over only if nothing later is known: a rebuild that stopped half-way does no harm, nor do two at once.
-- ARGV: for each seat: seat, fence * 4 + phase, until, owner. Returns nothing.
for i = 1, #ARGV, 4 do
  apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return redis.status_reply('OK')
