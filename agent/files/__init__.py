"""Files that are written whole or not at all, locks, and the errors that a user can cause."""
