"""Matches, leagues, odds and explanations, with their statistics and reports."""
