"""One file per outside system: asks it for counts."""
