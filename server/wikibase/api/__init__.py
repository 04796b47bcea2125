"""`/w/api.php`: the action API as MediaWiki with Wikibase speaks it, for reading."""
