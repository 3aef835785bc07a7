"""What we are measured beside, each as Debian ships it."""
