"""The application: navigation, routes, alerts, the frame clock."""
