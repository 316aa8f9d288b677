"""How fast it is, beside yardsticks."""
