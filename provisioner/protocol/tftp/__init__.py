"""TFTP without I/O: codec, option negotiation and one read transfer (RFC 1350, 2347, 2348, 2349,
7440)."""
