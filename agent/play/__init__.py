"""Monopoly in the terminal: people, trained agents and bots at one table (``scripts/play.py``).

``table`` is the running game, ``questions`` puts its decisions into words, ``screen`` builds what is shown, ``session`` joins
them. Nothing here starts TensorFlow unless a model needs it.
"""
