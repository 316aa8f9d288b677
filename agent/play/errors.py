"""The one error of this package that a user is meant to read."""

from agent.files.errors import UserError


class PlayError(UserError):
    """Something the user asked for cannot be done; the message is one line."""
