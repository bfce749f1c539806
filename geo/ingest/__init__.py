"""A stranger's file becomes claims or a sentence: gate, sandbox, readers, rules, report."""

from geo.ingest.crew import prepare
from geo.ingest.door import validate
from geo.ingest.limits import LIMITS, Limits
from geo.ingest.report import ACCEPT, REJECT, WARN, Choice, Offer, Problem, Report

__all__ = [
    "ACCEPT",
    "LIMITS",
    "REJECT",
    "WARN",
    "Choice",
    "Limits",
    "Offer",
    "Problem",
    "Report",
    "prepare",
    "validate",
]
