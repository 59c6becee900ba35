"""Running held against the same person standing: no rows where nobody was seen standing."""
