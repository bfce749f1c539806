"""One module a family of formats: bytes become a table, or problems."""
