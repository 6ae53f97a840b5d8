"""Sending, review and appraisal: states and moves as values; who may do which move, and why not."""
