"""Keeping requests within a provider's limits: counters, in memory or in Redis, and who waits for them."""
