"""Pods: the table and the details of one."""
