"""A host's pages about private links."""
