"""Nothing typed is lost with a login that ran out: kept sealed, shown again to the same person, sent by them alone."""
