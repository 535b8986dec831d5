"""`python -m properties` in a checkout; where the package is installed it is `python -m fsmn_properties`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fsmn_properties.__main__ import main

sys.exit(main())
