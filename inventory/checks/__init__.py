"""What `check` looks at, one family of findings a file; each takes the site and yields findings.

Values that stand in for refused ones hold empty texts where something was missing; that was told
already, so that a check passes over an empty text of a refused value.
"""
