"""Ignition's whole spec, 3.0 to 3.5, as typed values: any config, whoever wrote it."""
