"""What each choice buys: the default training with one thing changed, several seeds each (``scripts/experiments.py``).

Some of these reach outside the package's contract on purpose: states of other widths, a sigmoid head. Their networks are
measured and thrown away; nothing else of the project loads them.
"""
