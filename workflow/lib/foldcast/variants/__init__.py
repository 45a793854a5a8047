"""Effects of a VCF file's variants on predicted expression."""
