"""What each TSS touches in a map, its control contacts, and the features of those places."""
