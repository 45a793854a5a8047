"""The report that opens in a browser: one file, nothing remote in it."""
