"""Whom a machine's first boot trusts: a part of a config, to be merged into it."""

from __future__ import annotations

from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.model import Config, IgnitionSection, Security, Tls


def trusting(certificate: str) -> Config:
    """Sources by HTTPS may be of servers whose CA is `certificate` (PEM), such as the site's own. They
    keep their digests: TLS hides what is fetched, and doesn't make another file of it the right one."""
    ca = inline(certificate)
    return Config(
        ignition=IgnitionSection(security=Security(tls=Tls(certificateAuthorities=(ca,))))
    )
