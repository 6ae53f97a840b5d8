"""The schedule: what is due when, read from a file; calling it once, whoever and however many watch the clock."""
