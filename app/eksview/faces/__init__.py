"""The ways to use eksview: the dashboard, one-shot commands, the demo. They wire; they decide nothing."""
