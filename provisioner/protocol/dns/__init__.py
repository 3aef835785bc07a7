"""DNS without I/O: zones as a value, and the answer to a query (RFC 1035, 2308, 6891)."""
