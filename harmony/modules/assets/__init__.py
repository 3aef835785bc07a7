"""Assets: files from elsewhere, kept on the jump host and served to machines."""
