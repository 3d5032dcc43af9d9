"""What several test files share: molecules, stand-ins, and how to ask for things."""
