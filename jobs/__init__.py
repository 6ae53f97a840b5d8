"""What the clock and the queue call; each function idempotent, twenty lines at most."""
