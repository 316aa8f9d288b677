"""The tools that people bring: each runs here as its users run it, and is skipped where it is not installed."""
