"""Lists and watches: the reflector and the watcher of one cluster."""
