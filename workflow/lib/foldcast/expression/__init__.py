"""Expression: sample sheets, expression tables, control probes, targets of miRNAs."""
