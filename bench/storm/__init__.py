"""Simulated machines that all power on at once, and boot as firmware does. Nothing in it is ours."""
