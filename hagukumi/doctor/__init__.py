"""The doctor: whether everything a workspace needs is there. Start with `examine`."""

from hagukumi.doctor.examination import examine

__all__ = ["examine"]
