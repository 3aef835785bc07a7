"""DHCP without I/O: codec, who a client is, leases, and the decision what to answer (RFC 2131,
2132)."""
