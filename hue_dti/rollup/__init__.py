"""Across to the provincial index: values of main indices and components → index, pillars, ranks, growth; exact and without I/O."""
