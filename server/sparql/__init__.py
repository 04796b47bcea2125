"""The SPARQL 1.1 endpoint: protocol, answers and their cache, description, and graphs for reading."""
