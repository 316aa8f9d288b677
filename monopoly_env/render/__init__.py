"""The board as text and as a picture."""
