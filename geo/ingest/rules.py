"""Every rule a file is judged by: how severe it is, what is said, and what to do about it.

The sentences are messages of the catalogue. The number of the feature or line is in none of them:
a problem knows where it is and says so itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from geo.ingest.rules_of_claims import OF_CLAIMS
from geo.ingest.rules_of_files import OF_FILES
from geo.ingest.rules_of_ground import OF_GROUND
from geo.ingest.severities import ASKED, DOUBTFUL, MENDED, NOTE, REFUSED, Rule

__all__ = ["ASKED", "DOUBTFUL", "MENDED", "NOTE", "REFUSED", "RULES", "Rule"]

RULES: Mapping[str, Rule] = MappingProxyType({**OF_FILES, **OF_GROUND, **OF_CLAIMS})
