"""An agent-config beside the install-configs of `examples`."""

from __future__ import annotations

from hypothesis import strategies as st
from pydantic import JsonValue

from harmony.modules.okd.agent_config import AgentConfig, AgentHost, Interface, RootDeviceHints
from harmony.modules.okd.install_config import Metadata
from tests.harmony.modules.okd.json_values import TEXTS, VALUES


def network(address: str) -> dict[str, JsonValue]:
    return {
        "interfaces": [
            {
                "name": "eno1",
                "type": "ethernet",
                "state": "up",
                "ipv4": {
                    "enabled": True,
                    "dhcp": False,
                    "address": [{"ip": address, "prefix-length": 24}],
                },
            }
        ]
    }


def host(name: str, last: int, role: str = "master") -> AgentHost:
    return AgentHost.model_validate(
        {
            "hostname": name,
            "role": role,
            "interfaces": (Interface(name="eno1", mac_address=f"52:54:00:07:00:{last:02}"),),
            "root_device_hints": RootDeviceHints(serial_number="12E45678"),
            "network_config": network(f"10.7.0.{last}"),
        }
    )


AGENT = AgentConfig(
    metadata=Metadata(name="okd"),
    rendezvous_ip="10.7.0.11",
    boot_artifacts_base_url="http://10.7.0.1/okd",
    additional_ntp_sources=("10.7.0.1",),
    hosts=(
        *(host(f"cp{one}", 10 + one) for one in (1, 2, 3)),
        *(host(f"w{one}", 20 + one, "worker") for one in (1, 2)),
    ),
)

_HOSTS = st.builds(AgentHost, networkConfig=st.none() | st.dictionaries(TEXTS, VALUES, max_size=3))
AGENT_CONFIGS = st.builds(AgentConfig, hosts=st.lists(_HOSTS, max_size=3).map(tuple))
