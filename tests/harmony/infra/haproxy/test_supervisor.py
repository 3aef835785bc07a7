"""With a real HAProxy; what it serves is in test_load_balancer.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmony.infra.errors import (
    BalancerUnusableError,
    BalancingRefusedError,
    ServiceRefusedError,
)
from harmony.infra.haproxy.configuration import Place, render, structure_of
from harmony.infra.haproxy.supervisor import Supervisor

pytestmark = pytest.mark.protocol


@pytest.fixture
def supervisor(tmp_path: Path, program: tuple[str, ...]) -> Supervisor:
    place = Place(tmp_path, unprivileged=True)
    place.empty.mkdir()
    place.configuration.write_text(render((), place))
    return Supervisor(place, program)


def test_one_that_runs_is_found_and_stopped(supervisor: Supervisor) -> None:
    structure = structure_of((), supervisor.place)
    assert supervisor.structure() is None
    supervisor.stop()
    supervisor.start()
    try:
        assert Supervisor(supervisor.place, ()).structure() == structure
        supervisor.reload()
        assert supervisor.structure() == structure
    finally:
        supervisor.stop()
    assert supervisor.structure() is None


def test_its_words_are_told(supervisor: Supervisor) -> None:
    file = supervisor.place.configuration
    supervisor.validate(file)
    file.write_text("global\n  nonsense 1\n")
    with pytest.raises(BalancingRefusedError, match="unknown keyword 'nonsense'"):
        supervisor.validate(file)
    with pytest.raises(ServiceRefusedError, match=r"can't start: .*unknown keyword 'nonsense'"):
        supervisor.start()


@pytest.mark.parametrize("content", ["", "none\n", "1\n", "999999999\n"])
def test_a_number_that_is_nobodys_or_anothers_is_left_alone(
    supervisor: Supervisor, content: str
) -> None:
    supervisor.place.pid.write_text(content)
    supervisor.stop()


def test_a_program_that_says_nothing(supervisor: Supervisor) -> None:
    silent = Supervisor(supervisor.place, ("false",))
    with pytest.raises(BalancingRefusedError, match="it doesn't say why"):
        silent.validate(supervisor.place.configuration)
    with pytest.raises(BalancerUnusableError, match="apt install haproxy"):
        Supervisor(supervisor.place, ("/no/haproxy",)).validate(supervisor.place.configuration)
