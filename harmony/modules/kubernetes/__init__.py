"""A Kubernetes cluster on bare machines, and what runs on it: its Scores, and how each is carried out."""
