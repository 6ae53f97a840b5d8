"""Next best steps: what a unit could still count, what it would be worth and which rank it would give, by scoring it again; pure."""
