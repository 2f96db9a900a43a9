"""The explanation of how a cluster works: its chapters, and what they say."""
