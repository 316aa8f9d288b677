"""What a position is worth: what everybody holds, its strength, and what the next rolls threaten."""
