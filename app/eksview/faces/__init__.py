"""The ways to use eksview: the dashboard, one-shot commands, the demo. They only wire."""
