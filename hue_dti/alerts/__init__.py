"""What the operations centre is told of by itself: rules, what they find, and alerts that open and close."""
