"""What the help of each command says above and below its flags."""

ABOUT = """\
A live view of a Kubernetes or EKS cluster in the terminal: control plane, API
link and workers, kept up to date by watch streams. It only reads, unless
started with --allow-writes.
"""

EXAMPLES = """\
examples:
  eksview                                  the current context's cluster
  eksview --context prod -n shop           another context, one namespace's pods
  eksview --cluster prod --region us-west-2   EKS by name, without a kubeconfig
  eksview demo                             an embedded demo cluster
  eksview get nodes -o wide                the same table as kubectl
  eksview get pods -A -l app=web -o json   for scripts and incident notes
  eksview top pods -A --sort-by=memory     what pods use
  eksview doctor                           check the access to the nodes

Every flag but --allow-writes can also be set by EKSVIEW_NAME in the environment
or in config.toml in eksview's configuration folder; --no-NAME turns one off.

exit codes: 0 done, 1 the cluster refused or can't be reached, 2 wrong usage
"""

COMPLETION_ABOUT = """\
Prints a script with which the shell completes commands, flags, contexts, themes
and AWS profiles, and from the cluster namespaces, resources, names of objects
and containers. What the cluster doesn't answer within 3 seconds isn't offered.
"""

COMPLETION_EXAMPLES = """\
examples:
  eval "$(eksview completion bash)"        in ~/.bashrc
  eval "$(eksview completion zsh)"         in ~/.zshrc, after compinit
  eksview completion fish | source         in ~/.config/fish/config.fish
"""

DEMO_ABOUT = """\
The dashboard on an embedded demo: a Kubernetes API on 127.0.0.1 that simulates
a small EKS cluster and its AWS account. Nothing is left when it ends.
"""

DEMO_EXAMPLES = """\
examples:
  eksview demo
  eksview demo --nodes 500 --pods 15000 --churn 200
  eksview demo --serve > demo.env &        runs until it is stopped
  . ./demo.env && kubectl get nodes
"""

GET_ABOUT = """\
Prints any resource of the API server as kubectl does; or nodes joined with
their EC2 instances; or the EKS clusters of the account and region; or what runs
on ECS, of --ecs-cluster or of all clusters. Values of secrets are never
requested: -o yaml prints their metadata.
"""

GET_EXAMPLES = """\
examples:
  eksview get nodes -o wide
  eksview get node ip-10-0-1-234.us-west-2.compute.internal -o yaml
  eksview get pods -n shop -l app=web
  eksview get pods,nodes -A -o name
  eksview get deploy,svc -n shop           any resource that the server has
  eksview get pods -A --field-selector spec.nodeName=ip-10-0-1-234
  eksview get instances -o wide            each node with its EC2 instance
  eksview get instances i-0123456789abcdef0 -o wide   why it isn't a node
  eksview get clusters --region us-west-2 --profile dev
  eksview get ecs-instances --ecs-cluster shop -o wide
  eksview get ecs-tasks                    of all ECS clusters
"""

TOP_ABOUT = """\
Prints the CPU and memory that nodes or pods use, as kubectl top does. It needs
the metrics API, which metrics-server serves.
"""

TOP_EXAMPLES = """\
examples:
  eksview top nodes --sort-by=cpu
  eksview top pods -A --sort-by=memory
  eksview top pods -n shop -l app=web --containers --sum
"""

LOGS_ABOUT = """\
Prints the logs of a container, of a pod or of a workload, as kubectl logs does.
Several logs are merged in the order of time. Of a node it prints the journal of
its kubelet (-c containerd: of another service) by the kubelet's log query, and
with --control-plane the logs that EKS delivers to CloudWatch Logs.
"""

LOGS_EXAMPLES = """\
examples:
  eksview logs web-7d876db474-x2x9f -n shop -f
  eksview logs deployment/web -n shop --all-pods --since=10m
  eksview logs -l app=web -n shop --all-containers --prefix --timestamps
  eksview logs web-7d876db474-x2x9f -n shop -c envoy --previous
  eksview logs node/ip-10-0-1-17.us-west-2.compute.internal --since=10m -f
  eksview logs --control-plane audit --filter-pattern '{ $.verb = "delete" }' -f
"""

DOCTOR_ABOUT = """\
Checks kubeconfig, credentials, endpoint, authentication, IAM mapping, RBAC and
the nodes, and prints how to fix what is broken. With --node it checks what a
node or an EC2 instance needs to join the cluster. Needs no terminal and ends
within 20 seconds, with --node within 40. Exit code 1 if a step is broken or a
check has failed.
"""

DOCTOR_EXAMPLES = """\
examples:
  eksview doctor --json
  eksview doctor --node i-0123456789abcdef0
"""

SERVE_ABOUT = """\
Serves the dashboard to SSH clients: ssh -p 2222 HOST. Accepts public keys only,
is always read-only and shares one set of watches. Viewers see whatever the
credentials of this process may see.
"""

WEB_ABOUT = "Serves the dashboard at http://127.0.0.1:8000 to browsers on this machine only."

CONFIG_ABOUT = """\
Prints the path of the configuration file, writes one with every option as a
comment, lists every fault in it with its line, or the ids of keys. Exit code 1
if it has a fault, or if there is a file already that --init would overwrite.
"""
