"""A Kubernetes cluster on bare machines and what runs on it: Scores, and how they are done."""
