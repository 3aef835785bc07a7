"""Programs that make load, each with a parser of what it prints."""
