"""Look at a deployment from outside, as somebody would who searches it for a way in. Knows nothing of our own code."""

from __future__ import annotations

from sprechzeit.probe.findings import Finding, Report, Severity
from sprechzeit.probe.run import probe
from sprechzeit.probe.target import CannotLook

__all__ = ["CannotLook", "Finding", "Report", "Severity", "probe"]
