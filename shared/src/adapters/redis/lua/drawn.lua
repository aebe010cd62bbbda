-- Drawn: the draw was made; a repeat changes nothing. ARGV: how many entries were drawn. Returns nothing.
if pool_size < 0 then
  pool_size, frozen, issued = tonumber(ARGV[1]), 0, math.max(issued, tonumber(ARGV[1]))
  redis.call('DEL', p .. ':block')
  save()
end
return redis.status_reply('OK')
