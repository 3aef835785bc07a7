"""OKD on bare metal: what its installer reads, runs and leaves behind."""
