"""ClusterInstaller by openshift-install, or any executable with its command line.

It runs in a plain folder that exists only meanwhile, in memory where that can be had; what it made is kept
sealed.
"""
