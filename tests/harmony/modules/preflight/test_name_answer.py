from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from harmony.modules.preflight.name_answer import NameAnswer, Resolver, Silence

pytestmark = pytest.mark.unit

SERVER = Resolver(IPv4Address("10.7.0.2"), is_ours=False)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (NameAnswer(SERVER, "a", "NOERROR", ("10.7.0.5", "10.7.0.6")), "10.7.0.5, 10.7.0.6"),
        (NameAnswer(SERVER, "a", "NOERROR"), "no such record"),
        (NameAnswer(SERVER, "a", "NXDOMAIN"), "NXDOMAIN"),
        (NameAnswer(SERVER, "a", silence=Silence.TIMED_OUT), Silence.TIMED_OUT.value),
    ],
)
def test_in_words(answer: NameAnswer, says: str) -> None:
    assert answer.says == says
    assert str(answer.resolver) == "10.7.0.2"
