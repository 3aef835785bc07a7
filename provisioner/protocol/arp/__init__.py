"""ARP without I/O: is an address in use, before it is given to anybody (RFC 826, RFC 5227)."""
