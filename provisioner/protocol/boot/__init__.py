"""A machine's way from its first packet to its own disk: decided here, carried out elsewhere. Pure."""
