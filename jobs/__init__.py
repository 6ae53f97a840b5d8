"""What the clock and the queue call; each function idempotent."""
