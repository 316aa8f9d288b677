"""Events and decisions in words; names, read and written."""
