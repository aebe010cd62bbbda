-- Figures: how many seats are locked, reserved and sold. Returns the three.
drop_lapsed_locks()
return {
  redis.call('ZCARD', p .. ':locks'),
  redis.call('SCARD', p .. ':reserved'),
  redis.call('BITCOUNT', p .. ':sold'),
}
