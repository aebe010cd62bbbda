-- Confirm: whether somebody is inside in the epoch in which they were let in. If not, a rebuild may not have heard of them.
-- ARGV: user, epoch. Returns whether.
return epoch == tonumber(ARGV[2]) and redis.call('ZSCORE', p .. ':active', ARGV[1]) and 1 or 0
