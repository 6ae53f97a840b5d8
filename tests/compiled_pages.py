"""A page's template is compiled once for a whole run of tests, not once again for every site that a test makes."""

from __future__ import annotations

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """What was compiled in this process, by template and by the text it had."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def remember_what_is_compiled() -> None:
    """Give every site of this process the same memory."""
    make, compiled = Flask.create_jinja_environment, Compiled()

    def make_with_memory(app: Flask, *arguments: Any) -> Environment:
        environment = make(app, *arguments)
        environment.bytecode_cache = compiled
        return environment

    Flask.create_jinja_environment = make_with_memory  # type: ignore[method-assign]


remember_what_is_compiled()
