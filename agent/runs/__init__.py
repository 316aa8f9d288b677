"""A training run as a user meets it: its folder, metrics, curves and display."""
