"""The command line's own words in Vietnamese: what click says of usage, of options and of what was typed wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

WORDS: Mapping[str, str] = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Show this message and exit.": "In hướng dẫn này rồi thôi.",
    "Show the version and exit.": "In số phiên bản rồi thôi.",
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Xem cách dùng: {command} {option}",
    "Invalid value: {message}": "Giá trị không dùng được: {message}",
    "Invalid value for {param_hint}: {message}": "Giá trị của {param_hint} không dùng được: {message}",
    "Missing argument": "Thiếu",
    "Missing option": "Thiếu tùy chọn",
    "Missing parameter": "Thiếu tham số",
    "Missing {param_type}": "Thiếu {param_type}",
    "Missing parameter: {param_name}": "Thiếu tham số: {param_name}",
    "Missing command.": "Thiếu tên lệnh.",
    "No such option {name!r}.": "Không có tùy chọn {name!r}.",
    "No such command {name!r}.": "Không có lệnh {name!r}.",
    "Got unexpected extra argument ({args})": "Thừa: {args}",
    "Got unexpected extra arguments ({args})": "Thừa: {args}",
    "Option {name!r} requires an argument.": "Tùy chọn {name!r} cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn {name!r} cần {nargs} giá trị.",
    "Option {name!r} does not take a value.": "Tùy chọn {name!r} không nhận giá trị.",
    "Argument {name!r} takes {nargs} values.": "{name!r} cần {nargs} giá trị.",
    "Did you mean {possibility}?": "Có phải {possibility} không?",
    "(Did you mean one of: {possibilities}?)": "(Có phải một trong: {possibilities}?)",
    "{value!r} is not {choice}.": "{value!r} không phải {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} không phải một trong {choices}.",
    "{value!r} is not a valid {number_type}.": "{value!r} không phải là số.",
    "{value} is not in the range {range}.": "{value} ngoài khoảng {range}.",
    "{name} {filename!r} does not exist.": "Không có {name} {filename!r}.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} là thư mục.",
    "{name} {filename!r} is a file.": "{name} {filename!r} là tệp.",
    "file": "tệp",
    "directory": "thư mục",
    "path": "đường dẫn",
    "File": "Tệp",
    "Directory": "Thư mục",
    "Path": "Đường dẫn",
    "default: {default}": "mặc định: {default}",
    "required": "bắt buộc",
    "Do you want to continue?": "Tiếp tục?",
    "Aborted!": "Đã dừng.",
    "Error: invalid input": "Lỗi: không hiểu câu trả lời",
}
"""What click says → how it is said here; what is not listed stays as it is."""

_OPTIONS, _COMMANDS = "[TÙY CHỌN]", "[LỆNH] [THAM SỐ]..."
_COMMANDS_WANTED = "LỆNH [THAM SỐ]..."

_SPEAKING: tuple[ModuleType, ...] = (
    *(click.core, click.decorators, click.exceptions, click.formatting),
    *(click.parser, click.termui, click.types),
)


def speak_vietnamese() -> None:
    """Let click say its own words in Vietnamese; what it says is looked up by each of its modules under these names."""
    for module in _SPEAKING:
        for name, said in (("_", word), ("ngettext", words)):
            if hasattr(module, name):
                setattr(module, name, said)


def name_parts(command: click.Command) -> None:
    """Let the line of use of the command, and of those below it, name its parts in Vietnamese."""
    command.options_metavar = _OPTIONS
    if isinstance(command, click.Group):
        command.subcommand_metavar = _COMMANDS if command.invoke_without_command else _COMMANDS_WANTED
        for each in command.commands.values():
            name_parts(each)


def word(text: str) -> str:
    """One text of click's."""
    return WORDS.get(text, text)


def words(one: str, many: str, count: int) -> str:
    """One of two texts of click's, by how many there are."""
    return word(one if count == 1 else many)
