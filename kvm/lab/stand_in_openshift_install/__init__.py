"""A stand-in of openshift-install, for where the real one can't be had: its command line and its files.

What it leaves out: it has no payload, asks no registry, knows platform `none` alone, and the machines that
its files start run what the lab gives them. Sources of what it does: openshift/installer,
cmd/openshift-install and pkg/asset; OKD's documentation of installing on bare metal.
"""
