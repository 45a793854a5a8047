"""Chromatin features of a promoter: DNA as codes, Beluga, ExPecto's weighted sums."""
