"""DnsServer by dynamic updates (RFC 2136) with transaction signatures (RFC 8945), to any server that
serves the site's zones: BIND, Knot and others."""
