"""The one gate for figures: observations, their states and origins."""
