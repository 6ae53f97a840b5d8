"""Long proofs: too long for the tests, which run a sample of each."""
