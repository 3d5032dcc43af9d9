"""The few expensive things that are stored: pure functions from a frozen request to a frozen result."""
