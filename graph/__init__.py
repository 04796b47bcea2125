"""Text to graph: reads, links, states, writes, checks and publishes."""
