"""`python -m geo`."""

import sys

from geo import cli

sys.exit(cli.main())
