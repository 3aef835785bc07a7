"""The Network Time Protocol (RFC 5905): as much as it takes to ask what time it is."""
