"""The application: navigation, routes, the painting of frames."""
