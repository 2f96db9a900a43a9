"""`python -m eksview` is `eksview`."""

import sys

from eksview.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
