"""YAML → criteria sets, measures, sources; every fault with file:line and remedy."""
