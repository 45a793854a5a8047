"""Hi-C: contact maps brought to one form, and the features that graphs are made of."""
