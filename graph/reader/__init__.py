"""The reader: a text that nobody has read yet -> a draft reading."""
