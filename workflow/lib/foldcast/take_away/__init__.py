"""What one takes away: tracks, pairs, panels, references and tables for other tools."""
