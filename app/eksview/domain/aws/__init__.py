"""Rules of AWS: errors, rate limits, ARNs, which cluster is meant."""
