"""The one error of this package that a user is meant to read."""


class PlayError(Exception):
    """Something the user asked for cannot be done; the message is one line."""
