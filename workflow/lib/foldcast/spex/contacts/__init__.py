"""What touches each TSS in a contact map, as features; and control contacts."""
