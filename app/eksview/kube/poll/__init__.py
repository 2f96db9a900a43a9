"""What is asked on a period: probes, metrics, small resources."""
