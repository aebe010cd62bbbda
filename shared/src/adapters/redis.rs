//! Locks, the seat map, the waiting room and rate limits, in Redis.
