"""Measures our boot services beside those that people use today, in one run on one machine."""
