"""Numbers no machine can serve with are refused before anything starts."""

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli


@pytest.mark.parametrize("command", ["serve", "sandbox", "demo"])
@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_a_port_that_cannot_be_is_refused_as_usage(command, port):
    done = CliRunner().invoke(cli, [command, "--port", port])
    assert done.exit_code == 2
    assert "--port" in done.output


@pytest.mark.parametrize("workers", ["0", "17"])
def test_a_number_of_workers_that_cannot_be_is_refused_as_usage(workers):
    done = CliRunner().invoke(cli, ["serve", "--workers", workers])
    assert done.exit_code == 2
    assert "--workers" in done.output
