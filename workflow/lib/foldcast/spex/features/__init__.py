"""From DNA to the features of a TSS: sequence, Beluga, and tables that grow block by block."""
