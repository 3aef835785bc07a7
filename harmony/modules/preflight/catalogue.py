"""Every check of the site stage, by a name that is never given to another.

Names are those of the Assisted Installer where the question is the same (assisted-service,
models/host_validation_id.go and models/cluster_validation_id.go).
"""

from __future__ import annotations

from typing import Final

from harmony.domain.preflight.check import CheckKind, Group

API_NAME: Final = CheckKind(
    "api-domain-name-resolved-correctly",
    Group.NAMES,
    "does api.DOMAIN lead to the API's address, and to no other?",
    "give the name that address",
)
API_INT_NAME: Final = CheckKind(
    "api-int-domain-name-resolved-correctly",
    Group.NAMES,
    "does api-int.DOMAIN, which nodes get their configuration from, lead to the API's address?",
    "give the name that address",
)
API_REVERSE: Final = CheckKind(
    "api-address-resolved-correctly",
    Group.NAMES,
    "is api.DOMAIN the API's address' name?",
    "give the address that name",
)
API_INT_REVERSE: Final = CheckKind(
    "api-int-address-resolved-correctly",
    Group.NAMES,
    "is api-int.DOMAIN the API's address' name?",
    "give the address that name",
)
APPS_NAME: Final = CheckKind(
    "apps-domain-name-resolved-correctly",
    Group.NAMES,
    "does any name under apps.DOMAIN lead to the ingress address?",
    "give *.apps that address",
)
NO_WILDCARD: Final = CheckKind(
    "dns-wildcard-not-configured",
    Group.NAMES,
    "do names that nobody has, in the cluster's domain and the one above, lead nowhere?",
    "take the wildcard out",
)
HOST_NAME: Final = CheckKind(
    "host-domain-name-resolved-correctly",
    Group.NAMES,
    "does a host's name lead to its address, and to no other?",
    "give the name that address",
)
HOST_REVERSE: Final = CheckKind(
    "host-address-resolved-correctly",
    Group.NAMES,
    "is a host's name the only name of its address?",
    "give the address that name",
)
API_VIP: Final = CheckKind(
    "api-vips-valid",
    Group.ADDRESSES,
    "has nobody the API's address but who is to have it?",
    "free the address, or choose another",
    soft=3.0,
)
INGRESS_VIP: Final = CheckKind(
    "ingress-vips-valid",
    Group.ADDRESSES,
    "has nobody the ingress address but who is to have it?",
    "free the address, or choose another",
    soft=3.0,
)
HOST_ADDRESS: Final = CheckKind(
    "no-ip-collisions-in-network",
    Group.ADDRESSES,
    "has nobody a host's address but the host?",
    "free the address, or choose another",
    soft=3.0,
)
API_FRONT: Final = CheckKind(
    "api-load-balancer-reachable",
    Group.LOAD_BALANCER,
    "does the API's address answer on port 6443, by TLS, and /readyz say that all is well?",
    "add the frontend to the load balancer",
    soft=4.0,
    hard=9.0,
)
CONFIG_FRONT: Final = CheckKind(
    "machine-config-load-balancer-reachable",
    Group.LOAD_BALANCER,
    "does the API's address answer on port 22623, by TLS, and /healthz say that all is well?",
    "add the frontend to the load balancer",
    soft=4.0,
    hard=9.0,
)
HTTP_FRONT: Final = CheckKind(
    "ingress-http-load-balancer-reachable",
    Group.LOAD_BALANCER,
    "does the ingress address answer on port 80?",
    "add the frontend to the load balancer",
    soft=4.0,
    hard=9.0,
)
HTTPS_FRONT: Final = CheckKind(
    "ingress-https-load-balancer-reachable",
    Group.LOAD_BALANCER,
    "does the ingress address answer on port 443, by TLS?",
    "add the frontend to the load balancer",
    soft=4.0,
    hard=9.0,
)
NTP_SERVER: Final = CheckKind(
    "ntp-synced",
    Group.TIME,
    "does each time server that machines are told of answer, and know the time itself?",
    "mend the time server",
)
JUMP_HOST_TIME: Final = CheckKind(
    "time-synced-between-jump-host-and-servers",
    Group.TIME,
    "is the jump host's clock within a second of the time servers'?",
    "set the jump host's clock",
)
FOREIGN_DHCP: Final = CheckKind(
    "no-foreign-dhcp-server",
    Group.DHCP,
    "does nobody give addresses on a network but who is declared to?",
    "switch the other server off",
    soft=7.0,
    hard=9.0,
)
ASSETS: Final = CheckKind(
    "assets-available",
    Group.ARTIFACTS,
    "is each declared file from elsewhere in the store, with its digest?",
    "run `provisioner fetch SITE.py`",
)
JUMP_HOST_NETWORK: Final = CheckKind(
    "jump-host-network-configured",
    Group.JUMP_HOST,
    "is each network's interface there, up, and has it the declared address?",
    "configure the interface",
)
JUMP_HOST_DISK: Final = CheckKind(
    "jump-host-disk-space",
    Group.JUMP_HOST,
    "is there room for images and for the site's state?",
    "make room",
)
JUMP_HOST_PORTS: Final = CheckKind(
    "jump-host-ports-free",
    Group.JUMP_HOST,
    "has no other program the ports that the daemon serves on?",
    "stop the other program",
)

SITE_STAGE: Final = (
    API_NAME,
    API_INT_NAME,
    API_REVERSE,
    API_INT_REVERSE,
    APPS_NAME,
    NO_WILDCARD,
    HOST_NAME,
    HOST_REVERSE,
    API_VIP,
    INGRESS_VIP,
    HOST_ADDRESS,
    API_FRONT,
    CONFIG_FRONT,
    HTTP_FRONT,
    HTTPS_FRONT,
    NTP_SERVER,
    JUMP_HOST_TIME,
    FOREIGN_DHCP,
    ASSETS,
    JUMP_HOST_NETWORK,
    JUMP_HOST_DISK,
    JUMP_HOST_PORTS,
)
"""In the order in which they are shown."""

KNOWN: Final = frozenset(kind.id for kind in SITE_STAGE)
