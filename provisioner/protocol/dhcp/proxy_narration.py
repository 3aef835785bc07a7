"""From a message to ProxyDHCP and the decision about it to the events that tell of them.

What is left to the site's own DHCP server is told of nobody: it is most of what is heard.
"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.protocol.dhcp.client import identify
from provisioner.protocol.dhcp.decision import Answer, Decision, Reason
from provisioner.protocol.dhcp.event import BootInformationSent, DhcpEvent, NoBootProgram
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.narration import heard, without_program
from provisioner.protocol.dhcp.options import OptionCode


def told(message: Message, decision: Decision) -> Iterator[DhcpEvent]:
    """What a client of ours said, and what it was told."""
    mac = message.mac
    if mac is None:
        return
    if isinstance(decision, Answer):
        yield from heard(message, decision)
        kind = decision.reply.message_type
        file = decision.reply.option(OptionCode.BOOT_FILE_NAME) or b""
        yield BootInformationSent(mac, "" if kind is None else kind.name, file.decode("ascii"))
    elif decision.reason is Reason.NO_BOOT_PROGRAM:
        yield _missing(message, mac)


def _missing(message: Message, mac: str) -> NoBootProgram:
    return without_program(identify(message, mac))
