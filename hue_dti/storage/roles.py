"""The two roles: one owns the tables and migrates, the other works and may not change what is frozen."""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER = "hue_dti_owner"
APP = "hue_dti_app"
DATABASE = "hue_dti"


def create_roles(connection: psycopg.Connection) -> None:
    """Create both roles where absent; takes a superuser's connection in autocommit."""
    for role in (OWNER, APP):
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS").format(sql.Identifier(role))
            )


def create_database(connection: psycopg.Connection, name: str = DATABASE) -> None:
    """Create the database of the owner role where absent; takes a superuser's connection in autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
