"""The sequence half: chromatin features of a TSS and of what touches it → expression per tissue."""
