"""The outlet. Start with `open_sendgrid`."""

from __future__ import annotations

from pathlib import Path

from hagukumi.letters.transport import Outlet
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import SendGrid


def open_sendgrid(settings: SendGrid, folder: Path) -> Outlet:
    """The outlet over these settings; `folder` is the workspace's. Raises NotDone."""
    raise NotDone("outlet-later", "この出口はまだ使えません。", "This outlet cannot be used yet.")
