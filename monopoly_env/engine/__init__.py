"""The game in play: on to the next decision, what is legal there, carrying it out, and the moves of people."""
