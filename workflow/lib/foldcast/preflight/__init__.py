"""Everything that a user gave, looked at by the functions that the rules use."""
