"""The demo's kube-apiserver: routes, lists, watches, tables, RBAC."""
