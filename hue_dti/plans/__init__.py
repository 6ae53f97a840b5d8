"""Improvement plans: what each line wants by when, who leads and who helps; pure."""
