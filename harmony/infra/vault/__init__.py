"""The vault: secrets generated once, kept encrypted in one file, handed out by reference."""
