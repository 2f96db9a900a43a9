"""The state of the control plane, component by component, with its evidence."""
