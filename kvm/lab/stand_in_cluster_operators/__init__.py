"""A stand-in of the operators of an OKD cluster: what they say in its API, where they can't be had.

It keeps ClusterVersion, ClusterOperators, MachineConfigPools, Etcd and the ConfigMap `kube-system/bootstrap`
as the nodes, API servers and etcd members of a real cluster are. What it leaves out: it rolls nothing out,
removes no etcd member, and of ingress, network and DNS it knows only whether their nodes are Ready. It needs
Python's standard library alone, so that it runs on a node or in a pod. Sources of what it says:
openshift/api, config/v1, operator/v1 and machineconfiguration/v1; cluster-etcd-operator, bootstrapteardown.
"""
