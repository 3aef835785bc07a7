"""BareMetalSite: real machines in a real rack; what `provisioner serve` runs on."""

from __future__ import annotations

from harmony.topologies.served_site import ServedSite


class BareMetalSite(ServedSite):
    """Its power adapter is the declared way of each host (`harmony.infra.declared_power`)."""

    kind = "bare-metal site"
