"""Many games in one compiled call."""
