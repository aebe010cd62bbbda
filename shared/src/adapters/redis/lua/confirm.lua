-- Confirm: whether a user is still inside, in the epoch in which they were admitted. If not, a rebuild may have missed
-- them. ARGV: user, epoch. Returns whether they are.
return epoch == tonumber(ARGV[2]) and redis.call('ZSCORE', p .. ':active', ARGV[1]) and 1 or 0
