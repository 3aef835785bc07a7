"""Reports as any program on the wire may send them, not only our agent."""

from __future__ import annotations

from hypothesis import strategies as st

from provisioner.agent.messages import DiskReport, HardwareReport, NicReport
from tests.provisioner.protocol.boot.values import MAC, REPORT

texts = st.text(max_size=8)
numbers = st.integers(-1, 10**400)
disks = st.builds(
    DiskReport,
    name=texts,
    size=numbers,
    serial=st.sampled_from(["", "0", "DISK-1"]),
    wwn=st.sampled_from(["", "naa.5", "DISK-1"]),
    content=st.lists(texts, max_size=2).map(tuple),
)
nics = st.builds(NicReport, texts, st.just(MAC), texts, st.booleans(), st.none() | numbers)
reports = st.builds(
    HardwareReport,
    boot_mac=st.just(MAC),
    system_uuid=st.sampled_from(["", "nonsense", REPORT.system_uuid]),
    serial=texts,
    vendor=texts,
    product=texts,
    firmware=st.sampled_from(["bios", "uefi"]),
    cpus=numbers,
    cpu_model=texts,
    memory=numbers,
    nics=st.lists(nics, max_size=2).map(tuple),
    disks=st.lists(disks, max_size=3).map(tuple),
    clock_offset=st.floats(),
)
