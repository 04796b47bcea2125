"""What Wikidata's tools ask of a Wikibase: entity data, the action API, the REST API, and IRIs that lead somewhere."""
