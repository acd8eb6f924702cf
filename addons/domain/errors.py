"""The one exception whose text is meant for the person at the terminal."""


class UserError(Exception):
    """Something the person can put right: shown as one line on standard error, without a traceback, by `addons.cli`.

    The message names the place, the value found there and what is accepted.
    """
