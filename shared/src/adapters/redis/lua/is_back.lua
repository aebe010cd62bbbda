-- Is back: whether the performance is known to be whole in this very process. KEYS: its record. Returns whether.
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return redis.call('HEXISTS', KEYS[1], 'version') == 1 and redis.call('HGET', KEYS[1], 'server') == server and 1 or 0
