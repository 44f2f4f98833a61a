"""The daily mail to the staff: how much is due, from the very sources of their home pages. Never what or about whom."""
