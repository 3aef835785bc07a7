"""Preflight's checks: what each asks of the site, and what its answer means. Pure: others look."""
