"""Tables, files and pages. Alone in knowing pandas writers and HTML."""
