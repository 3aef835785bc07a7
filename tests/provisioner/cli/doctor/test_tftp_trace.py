from __future__ import annotations

import pytest

from provisioner.cli.doctor.observation import TftpEnd
from provisioner.cli.doctor.tftp_trace import Came, Heard, Unreachable, end_of

pytestmark = pytest.mark.unit

DATA, OACK = Came(3, 1), Came(6)


@pytest.mark.parametrize(
    ("heard", "neighbour", "end"),
    [
        ([], True, (TftpEnd.SILENT, "")),
        ([], False, (TftpEnd.UNREACHABLE, "")),
        ([OACK, OACK, OACK], True, (TftpEnd.CUT_OFF, "")),
        ([DATA], True, (TftpEnd.CUT_OFF, "")),
        ([Came(5, 1, "not found")], True, (TftpEnd.MISSING, "not found")),
        ([DATA, Came(5, 0, "disk error")], True, (TftpEnd.REFUSED, "disk error")),
        ([Unreachable(3, "10.7.0.1")], True, (TftpEnd.PORT_CLOSED, "says 10.7.0.1")),
        ([Unreachable(13, "10.7.0.254")], True, (TftpEnd.PROHIBITED, "says 10.7.0.254")),
        ([OACK, Unreachable(10, "10.7.0.1")], True, (TftpEnd.PROHIBITED, "says 10.7.0.1")),
        ([Unreachable(1, "10.7.0.254")], True, (TftpEnd.UNREACHABLE, "says 10.7.0.254")),
    ],
)
def test_why_a_download_failed(
    heard: list[Heard], neighbour: bool, end: tuple[TftpEnd, str]
) -> None:
    assert end_of(heard, neighbour=neighbour) == end
