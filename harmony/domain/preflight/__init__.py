"""Preflight: what has to be so before anything is powered on, a named check each. Pure."""
