"""The home screen: control plane, API link and workers."""
