"""The only room that knows SQLAlchemy and COPY."""
