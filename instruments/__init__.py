"""Instruments: what is asked, in which words, and how answers become scores. Pure; no database."""
