"""The demo's AWS: endpoints over loopback HTTP, answering from the demo cluster's own nodes."""
