"""What passes between sources, store and screens: messages, links, retries, API calls."""
