"""What can be wrong with what is fetched: by TFTP, by HTTP, and names by DNS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from provisioner.cli.doctor.observation import (
    PXE,
    Asked,
    Finding,
    HttpFetch,
    NameAnswer,
    Observations,
    TftpEnd,
    TftpFetch,
)

_BOOT_FAILS = "firmware that can't load its program boots from its disk, or not at all"
_TFTP: Final[dict[TftpEnd, tuple[str, str, str]]] = {
    TftpEnd.UNREACHABLE: (
        "tftp-unreachable",
        "there is no way to that address: nobody answers there (ARP), or no route leads there",
        "is it the right next-server? Is that machine on, and in this VLAN?",
    ),
    TftpEnd.PORT_CLOSED: (
        "tftp-not-served",
        "that machine is there, but nobody listens at its UDP port 69 (ICMP port unreachable)",
        "start the daemon there, or correct next-server",
    ),
    TftpEnd.PROHIBITED: (
        "tftp-blocked",
        "a firewall refuses it, and says so by ICMP",
        "let UDP to port 69 of that server pass, and what comes back from its other ports",
    ),
    TftpEnd.SILENT: (
        "tftp-blocked",
        "the request was sent again and again, and nothing ever came back, not even a refusal. A"
        " firewall drops either the request (UDP port 69) or the answer, which comes from a fresh port",
        "let UDP to port 69 of that server pass, and what it answers from ports above 1023; a firewall"
        " that follows TFTP does both (nf_conntrack_tftp)",
    ),
    TftpEnd.CUT_OFF: (
        "tftp-cut-off",
        "the server's answer came, from a fresh port, and then only that one again: our"
        " acknowledgements to that port are dropped on their way",
        "let UDP to that server's ports above 1023 pass too: the transfer leaves port 69 after the"
        " first packet (RFC 1350, 4)",
    ),
    TftpEnd.MISSING: (
        "file-missing",
        "the server hasn't got it",
        "correct the file's name, or put it there (ours: `provisioner serve` unpacks its boot programs)",
    ),
    TftpEnd.REFUSED: (
        "tftp-refused",
        "the server refuses it",
        "look into that server's log",
    ),
}


def tftp(seen: Observations) -> Iterator[Finding]:
    whole = {(one.server, one.file) for one in seen.tftp if one.plain and one.end is TftpEnd.DONE}
    for fetch in seen.tftp:
        if fetch.end is TftpEnd.DONE:
            yield from _content(fetch)
        elif (fetch.server, fetch.file) in whole and not fetch.plain:
            yield Finding(
                "tftp-large-blocks",
                f"tftp://{fetch.server}/{fetch.file} comes in blocks of 512 bytes, not in large ones",
                "firmware asks for blocks as large as a packet: on a path with a smaller MTU than"
                " the server's they are lost",
                "give both ends and every tunnel between them one MTU",
            )
        elif not fetch.plain:
            name, what, remedy = _TFTP[fetch.end]
            words = f" ({fetch.words})" if fetch.words else ""
            told = f"tftp://{fetch.server}/{fetch.file}: {what}{words}"
            yield Finding(name, told, _BOOT_FAILS, remedy)


def _content(fetch: TftpFetch) -> Iterator[Finding]:
    problem = ""
    if not fetch.size:
        problem = "it is empty"
    elif fetch.file.endswith(".efi") and not fetch.begins.startswith(b"MZ"):
        problem = "it is no EFI program (which begins with MZ)"
    if problem:
        yield Finding(
            "wrong-file",
            f"tftp://{fetch.server}/{fetch.file}: {problem}",
            _BOOT_FAILS,
            "put the right file there",
        )


def http(seen: Observations) -> Iterator[Finding]:
    for fetch in seen.http:
        script = fetch.asked not in (Asked.UEFI_HTTP, *PXE)
        name, what = (_script_problem if script else _program_problem)(fetch, seen.acknowledged)
        if name:
            yield Finding(
                name,
                f"{fetch.url}: {what}",
                "iPXE asks for its script again and again" if script else _BOOT_FAILS,
                "see that the daemon answers there (`provisioner status`), that no firewall drops TCP"
                " to that port, and that the URL is the server's own",
            )


def _script_problem(fetch: HttpFetch, leased: bool | None) -> tuple[str, str]:
    """Ours gives scripts only to who has a lease: asked without one, a refusal is right."""
    if fetch.status is None:
        return "script-unreachable", fetch.words
    if fetch.status == 403 and not leased:
        return "", ""
    if fetch.status != 200:
        return "script-refused", f"the answer is {fetch.status}, {fetch.words}"
    if not fetch.begins.startswith(b"#!ipxe"):
        return "not-a-script", "what comes doesn't begin with #!ipxe, so that iPXE doesn't run it"
    return "", ""


def _program_problem(fetch: HttpFetch, _: bool | None) -> tuple[str, str]:
    if fetch.status is None:
        return "http-unreachable", fetch.words
    if fetch.status != 200:
        return "http-refused", f"the answer is {fetch.status}, {fetch.words}"
    if fetch.length is None:
        return "http-no-length", "the answer has no Content-Length, which firmware needs"
    if fetch.content_type != "application/efi" and not fetch.url.lower().endswith(".efi"):
        return "http-wrong-type", f"it is called {fetch.content_type}, not application/efi"
    if not fetch.begins.startswith(b"MZ"):
        return "wrong-file", "it is no EFI program (which begins with MZ)"
    return "", ""


def names(seen: Observations) -> Iterator[Finding]:
    silent = sorted({one.server for one in seen.names if not one.code})
    for server in silent:
        yield Finding(
            "dns-silent",
            f"{server}, which is offered as the name server, doesn't answer",
            "installed machines find neither the cluster nor a registry by name",
            "start it, or let UDP and TCP to its port 53 pass, or offer another (option 6)",
        )
    for one in seen.names:
        if one.code and one.wanted and one.wanted not in one.addresses:
            yield _wrong_name(one)


def _wrong_name(one: NameAnswer) -> Finding:
    said = ", ".join(one.addresses) or one.code
    return Finding(
        "dns-wrong",
        f"{one.server} says {said} of {one.name}, which is {one.wanted}",
        "machines reach somebody else by that name, or nobody",
        "offer the provisioner's own name server (option 6), or have the other one ask it",
    )
