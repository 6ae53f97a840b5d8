"""A province's platform for its local digital-transformation index (DTI)."""

__version__ = "0.1.0"
