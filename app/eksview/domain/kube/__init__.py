"""Rules of Kubernetes: from API objects to rows, status text, requests, heartbeats."""
