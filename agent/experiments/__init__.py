"""What each choice buys: the default training with one thing changed, several seeds each (``scripts/experiments.py``)."""
