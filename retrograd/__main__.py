"""``python -m retrograd``: the same as the console script."""

import sys

from retrograd.commands.cli import main

if __name__ == "__main__":
    sys.exit(main())
