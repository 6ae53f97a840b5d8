"""One file per act; the only place where rules meet storage."""
