"""The site: everything that knows MkDocs, and nothing that knows how a formula is checked."""
