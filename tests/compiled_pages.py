"""Templates and addresses are compiled once for a whole run of tests, not once again for every site that a test makes."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


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


def remember_how_addresses_are_built() -> None:
    """What builds an address of a rule depends on the rule's text alone, unless it has defaults; the rule itself is handed to it."""
    make, made = Rule._compile_builder, {}

    def make_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return make(rule, append_unknown)
        key = rule.rule, tuple(rule._trace), append_unknown
        if key not in made:
            made[key] = make(rule, append_unknown)
        return made[key]

    Rule._compile_builder = make_once  # type: ignore[method-assign]


remember_what_is_compiled()
remember_how_addresses_are_built()
