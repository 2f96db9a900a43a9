"""Session Manager sessions, viewers, and shells on nodes."""
