"""Error classes sorted by what helps: fix the list, change a setting, give more, or report a bug.

Each survives pickling with its message, so an error crosses a process border unharmed.
"""


class ActinicError(Exception):
    """What every error of this package is; `message` says the offending value and what was expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(ActinicError):
    """The list, the workflow or a name in it cannot be used; fix it and run again."""


class ConvergenceError(ActinicError):
    """An iteration did not settle; another setting may help."""


class EmbeddingError(ConvergenceError):
    """No geometry could be built; other draws may, or the stereochemistry is impossible."""


class ResourceError(ActinicError):
    """Time or memory ran out; give more."""


class EngineError(ActinicError):
    """A program behaved as it never should: a bug or a broken installation."""
