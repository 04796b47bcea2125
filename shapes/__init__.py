"""What must hold: the SHACL shapes, as data files."""
