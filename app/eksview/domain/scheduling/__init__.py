"""Why a pod has no node, and why one isn't created: the messages taken apart."""
