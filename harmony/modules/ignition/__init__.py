"""Ignition configs (spec 3.3) as typed values: what a machine's first boot makes of its disk."""
