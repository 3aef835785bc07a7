"""What the spec asks of a config beyond its shape: one file for each kind of part."""
