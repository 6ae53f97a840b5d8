"""What was done, by whom and why: events that are written with the change they tell of."""
