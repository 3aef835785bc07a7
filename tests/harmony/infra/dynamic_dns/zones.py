"""Zones as a person writes them, as copies."""

from __future__ import annotations

import dns.zone

from harmony.infra.dynamic_dns.zone_copy import ZoneCopy

HEAD = "@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\n"


def zone_copy(text: str, apex: str = "home.example") -> ZoneCopy:
    """What TTL isn't written is 3600."""
    zone = dns.zone.from_text(f"$TTL 3600\n{HEAD}{text}", f"{apex}.", relativize=False)
    return ZoneCopy(zone)
