"""Tables, files and progress. Alone in knowing pandas writers."""
