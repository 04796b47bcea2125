"""The engines that answer queries, each running query in a process of its own that can be killed."""
