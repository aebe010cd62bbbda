-- Figures: how many seats are locked, reserved and sold. Returns the three, and how many locks had lapsed.
local lapsed = drop_lapsed_locks()
return {
  redis.call('ZCARD', p .. ':locks'),
  redis.call('SCARD', p .. ':reserved'),
  redis.call('BITCOUNT', p .. ':sold'),
  lapsed,
}
