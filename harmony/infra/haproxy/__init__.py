"""HAProxy as the load balancer: a configuration file, a process of our own, its runtime socket."""
