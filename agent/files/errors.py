"""What a user can put right."""


class UserError(Exception):
    """The message is one line for the user: what was received, what is needed, how to get there. No traceback."""
