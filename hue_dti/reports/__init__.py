"""content.py says what a report says; pdf, docx, xlsx and html draw it."""
