"""The cluster's network as a screen."""
