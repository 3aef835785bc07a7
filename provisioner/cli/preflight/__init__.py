"""`provisioner preflight`: what has to be so before anything is powered on, looked at from the jump host."""
