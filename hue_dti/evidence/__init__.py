"""Evidence files: what they are, what is wrong in them, who signed them; looked at without running or resolving anything."""
