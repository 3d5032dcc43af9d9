"""What the trials of this folder measured is printed after them."""

import pytest

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Sentences to print in the end."""
    return pytestconfig.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print them."""
    for sentence in config.stash.get(FIGURES, []):
        terminalreporter.write_line(sentence)
