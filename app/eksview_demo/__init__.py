"""The embedded cluster: a Kubernetes API over loopback HTTPS, with a life of its own."""
