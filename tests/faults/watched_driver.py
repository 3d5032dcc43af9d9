"""`actinic`, but its children are those that `deadly_worker` starts."""

import importlib

from actinic.cli import main

if __name__ == "__main__":
    importlib.import_module("deadly_worker")
    main()
