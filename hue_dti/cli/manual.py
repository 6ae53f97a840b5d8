"""The command manual, written from the commands themselves: `python -m hue_dti.cli.manual > docs/commands.md`."""

from __future__ import annotations

import click

from hue_dti.cli.click_words import speak_vietnamese


def manual(group: click.Group) -> str:
    """Every command with its help and options, as Markdown."""
    speak_vietnamese()
    parts = [
        "# Lệnh",
        "",
        "Sinh từ chính chương trình; sửa ở `hue_dti/cli/` rồi chạy `python -m hue_dti.cli.manual > docs/commands.md`.",
        "",
    ]
    for path, command in _walk(group, ("hue-dti",)):
        context = click.Context(
            command,
            info_name=" ".join(path),
            max_content_width=110,
            terminal_width=110,
            help_option_names=group.context_settings.get("help_option_names"),  # a command remembers those it was first shown with
        )
        parts += [f"## {' '.join(path)}", "", "```", command.get_help(context), "```", ""]
    return "\n".join(parts)


def _walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command, and every group that does something by itself, with its words."""
    if not isinstance(command, click.Group):
        return [(path, command)]
    own = [(path, command)] if command.invoke_without_command else []
    return [*own, *(found for name in sorted(command.commands) for found in _walk(command.commands[name], (*path, name)))]


if __name__ == "__main__":
    from hue_dti.cli import cli

    click.echo(manual(cli), nl=False)
