"""The rule that points a client at what it boots next: firmware at iPXE, iPXE at its script.

No reply to `PXEClient` carries option 60: EDK2 takes an offer with 60 and without discovery bits
in option 43 for one half of a conversation on port 4011 (PxeBcDhcp4.c), while an offer with a
boot file and without 60 is complete. UEFI HTTP boot is the other way round: without 60
`HTTPClient` it ignores the offer (HttpBootDhcp4.c).
"""

from __future__ import annotations

from provisioner.protocol.dhcp.client import Client, ClientKind
from provisioner.protocol.dhcp.decision import Reason
from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.message import Options
from provisioner.protocol.dhcp.options import OptionCode
from provisioner.protocol.dhcp.question import Question, ReplyDraft

# iPXE's option 175, sub-option 0xb0: don't wait for a ProxyDHCP answer (saves about 2 s).
_NO_PROXY_DHCP = bytes((0xB0, 1, 1))
_FILE_FIELD = 127  # 128 bytes with the NUL that ends it


def netboot(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """The boot file for a client that boots over the network, where it can run one of ours."""
    served = question.link.netboot
    if served is None:
        return draft
    if question.client.mac in served.spared and question.client.kind.is_firmware:
        return draft._replace(reason=Reason.NETBOOT_OFF)
    file = boot_file(question.client, served)
    if file is None:
        return draft
    draft = _pointed_at(question, draft, file.encode("ascii"))
    match question.client.kind:
        case ClientKind.IPXE:
            return draft.with_option(OptionCode.ETHERBOOT, _NO_PROXY_DHCP)
        case ClientKind.HTTP_BOOT:
            return draft.with_option(OptionCode.VENDOR_CLASS, b"HTTPClient")
        case ClientKind.PXE:
            return draft.with_options(_tftp_server(question))
        case _:
            return draft


def _tftp_server(question: Question) -> Options:
    """By name for PXE; by address, too, for whom asks for that (RFC 5859)."""
    address = question.link.address
    named = (OptionCode.TFTP_SERVER_NAME, str(address).encode("ascii"))
    wanted = question.message.option(OptionCode.PARAMETER_REQUEST_LIST) or b""
    if OptionCode.TFTP_SERVER_ADDRESS not in wanted:
        return (named,)
    return named, (OptionCode.TFTP_SERVER_ADDRESS, address.packed)


def script_url(mac: str, served: NetbootAnswer) -> str:
    """Where iPXE gets its script. The MAC is already filled in; iPXE fills in the rest."""
    return (
        f"{served.base_url}{served.script_path}?mac={mac.replace(':', '-')}"
        "&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
    )


def _pointed_at(question: Question, draft: ReplyDraft, file: bytes) -> ReplyDraft:
    """The file's name in option 67, and in the header too where it fits: ROMs read one or the
    other."""
    field = file if len(file) <= _FILE_FIELD else b""
    draft = draft._replace(next_server=question.link.address, boot_file=field)
    return draft.with_option(OptionCode.BOOT_FILE_NAME, file)


def boot_file(client: Client, served: NetbootAnswer) -> str | None:
    """What the client is to load: iPXE its script, firmware the program that it can run, or nothing."""
    if client.kind is ClientKind.IPXE:
        return script_url(client.mac, served)
    program = boot_program(client, served.programs)
    if program is None or client.kind is ClientKind.PXE:
        return program
    return f"{served.base_url}{served.program_path}{program}"


def boot_program(client: Client, present: frozenset[str]) -> str | None:
    """The program among those present that the firmware can load and run."""
    architecture, kind = client.architecture, client.kind
    if architecture is None or kind not in (ClientKind.PXE, ClientKind.HTTP_BOOT):
        return None
    if architecture.by_http is not (kind is ClientKind.HTTP_BOOT):
        return None
    return architecture.program_of(present)
