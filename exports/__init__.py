"""Datasets for analysis: one tidy table per form and per kind of fact, a codebook, and a manifest, in one archive."""
