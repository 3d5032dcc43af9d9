"""`actinic`, but its children are those that `deadly_worker` starts."""

import deadly_worker  # noqa: F401 - what its import does is all that is wanted

from actinic.cli import main

if __name__ == "__main__":
    main()
