"""A port that somebody already uses is refused, not shared."""

import socket

import pytest

from hue_dti.cli.serve import refuse_taken
from hue_dti.errors import SettingError


def test_a_port_in_use_is_refused_with_what_to_do():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(SettingError, match="--port"):
            refuse_taken(listener.getsockname()[1])


def test_a_free_port_is_taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    refuse_taken(port)
