from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.cli.doctor.diagnosis import diagnose
from provisioner.cli.doctor.observation import (
    Asked,
    Finding,
    HttpFetch,
    NameAnswer,
    TftpEnd,
    TftpFetch,
)
from tests.provisioner.cli.doctor.healthy import HEALTHY, HTTP_BOOT, SCRIPT, SERVER, seen

pytestmark = pytest.mark.unit

STUCK = TftpFetch(SERVER, "snponly.efi", TftpEnd.CUT_OFF)
SCRIPT_PAGE, PROGRAM = HEALTHY.http
NAME = HEALTHY.names[0]


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


@pytest.mark.parametrize(
    ("end", "name", "words"),
    [
        (TftpEnd.UNREACHABLE, "tftp-unreachable", "nobody answers there (ARP)"),
        (TftpEnd.PORT_CLOSED, "tftp-not-served", "nobody listens at its UDP port 69"),
        (TftpEnd.PROHIBITED, "tftp-blocked", "a firewall refuses it, and says so by ICMP"),
        (TftpEnd.SILENT, "tftp-blocked", "nothing ever came back"),
        (TftpEnd.CUT_OFF, "tftp-cut-off", "our acknowledgements to that port are dropped"),
        (TftpEnd.MISSING, "file-missing", "the server hasn't got it (no such file)"),
        (TftpEnd.REFUSED, "tftp-refused", "the server refuses it (no such file)"),
    ],
)
def test_each_end_of_a_download_that_failed(end: TftpEnd, name: str, words: str) -> None:
    failed = replace(STUCK, end=end, words="no such file")
    finding = only(diagnose(seen(tftp=(failed, replace(failed, plain=True)))))
    assert finding.name == name
    assert finding.what.startswith("tftp://10.7.0.1/snponly.efi: ")
    assert words in finding.what


def test_a_file_that_comes_in_small_blocks_only() -> None:
    whole = TftpFetch(SERVER, "snponly.efi", TftpEnd.DONE, size=9, begins=b"MZ", plain=True)
    assert only(diagnose(seen(tftp=(STUCK, whole)))).name == "tftp-large-blocks"


@pytest.mark.parametrize(
    ("fetch", "words"),
    [
        (TftpFetch(SERVER, "undionly.kpxe", TftpEnd.DONE), "it is empty"),
        (TftpFetch(SERVER, "a.efi", TftpEnd.DONE, size=5, begins=b"\x7fELF"), "no EFI program"),
    ],
)
def test_a_file_that_is_another(fetch: TftpFetch, words: str) -> None:
    finding = only(diagnose(seen(tftp=(fetch,))))
    assert (finding.name, words in finding.what) == ("wrong-file", True)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (replace(SCRIPT_PAGE, status=None, words="nobody answered"), "script-unreachable"),
        (replace(SCRIPT_PAGE, status=403), "script-refused"),
        (replace(SCRIPT_PAGE, status=404), "script-refused"),
        (replace(SCRIPT_PAGE, begins=b"<html>"), "not-a-script"),
        (replace(PROGRAM, status=None, words="nobody answered"), "http-unreachable"),
        (replace(PROGRAM, status=301), "http-refused"),
        (replace(PROGRAM, length=None), "http-no-length"),
        (replace(PROGRAM, begins=b"<html>"), "wrong-file"),
        (
            replace(PROGRAM, url="http://10.7.0.1/boot", content_type="text/plain"),
            "http-wrong-type",
        ),
    ],
)
def test_each_way_of_http(page: HttpFetch, name: str) -> None:
    finding = only(diagnose(seen(http=(page,))))
    assert (finding.name, finding.what.startswith(f"{page.url}: ")) == (name, True)


def test_a_script_that_is_refused_to_who_has_no_lease() -> None:
    refused = HttpFetch(Asked.IPXE, SCRIPT, 403, "no machine has a lease of 10.7.0.150")
    assert diagnose(seen(http=(refused,), acknowledged=None)) == ()
    assert diagnose(seen(http=(replace(refused, asked=Asked.UEFI_HTTP, url=HTTP_BOOT),)))


@pytest.mark.parametrize(
    ("answer", "name", "words"),
    [
        (replace(NAME, code="", addresses=()), "dns-silent", "10.7.0.1, which is offered"),
        (
            replace(NAME, addresses=("10.9.0.1",)),
            "dns-wrong",
            "10.7.0.1 says 10.9.0.1 of ns.home.example, which is 10.7.0.1",
        ),
        (
            replace(NAME, code="NXDOMAIN", addresses=()),
            "dns-wrong",
            "10.7.0.1 says NXDOMAIN of ns.home.example",
        ),
    ],
)
def test_each_way_of_dns(answer: NameAnswer, name: str, words: str) -> None:
    finding = only(diagnose(seen(names=(answer,))))
    assert (finding.name, words in finding.what) == (name, True)


def test_any_answer_will_do_of_a_name_that_nobody_declared() -> None:
    assert diagnose(seen(names=(NameAnswer(SERVER, "x.example", "REFUSED"),))) == ()
