"""IPv6 Neighbor Discovery without I/O: the one answer that a network booting machine waits for
(RFC 4861)."""
