"""What can be said: the ontology, its concept schemes and alignments, rules and example queries, as data files."""
