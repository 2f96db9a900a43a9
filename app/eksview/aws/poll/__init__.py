"""Pollers of AWS and what they have read of the account so far."""
