"""Expression: sample sheets, expression tables and the loci of their genes."""
