"""What people refuse, for whoever is about to call, write or visit: asked of letters/refused.py."""

from __future__ import annotations

from hagukumi.letters.refused import CHANNELS, refused_channels

__all__ = ["CHANNELS", "refused_channels"]
