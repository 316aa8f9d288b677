"""Files that are written whole or not at all, what a program prints, and the errors that a user can cause."""
