-- Drawn: the draw was made. Again: nothing. ARGV: among how many entries. Returns nothing.
if pool_size < 0 then
  pool_size, frozen, issued = tonumber(ARGV[1]), 0, math.max(issued, tonumber(ARGV[1]))
  redis.call('DEL', p .. ':block')
  save()
end
return redis.status_reply('OK')
