"""Why a pod has no node: the scheduler's message, and the nodes that come nearest."""
