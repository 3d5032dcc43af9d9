"""What the numbers mean: pure functions of stored results, redone in seconds."""
