"""Requests that leave no file open, however their sending ended."""

from __future__ import annotations

from typing import IO

from flask import Request


class TidyRequest(Request):
    """Closes the temporary files of what was sent, also of a body that broke off in the middle, which nobody else would."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        stream = super()._get_file_stream(total_content_length, content_type, filename, content_length)
        self.__dict__.setdefault("taken_in", []).append(stream)
        return stream

    def close(self) -> None:
        """End the request."""
        super().close()
        for stream in self.__dict__.get("taken_in", ()):
            stream.close()
