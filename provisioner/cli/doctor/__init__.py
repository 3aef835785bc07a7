"""`provisioner doctor`: a network judged from a machine's side, by implementations that aren't ours."""
