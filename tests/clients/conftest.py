"""The clients' scripts run in an environment of their own; nothing here is a test by itself."""

collect_ignore_glob = ["*.py", ".venv/*", "node_modules/*"]
