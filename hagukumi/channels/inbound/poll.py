"""Asks every source of mail in turn and puts what it has into the inbox. Start with `poll`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from hagukumi.channels.inbound.folder import take_folder
from hagukumi.channels.inbox import Inbox
from hagukumi.settings import Inbound
from hagukumi.words.refusal import NotDone


class Polled(NamedTuple):
    """How many mails lie in the inbox now that did not before, and the sources that could not be asked."""

    taken: int
    troubles: tuple[NotDone, ...] = ()


def poll(inbox: Inbox, engine: Engine, settings: Inbound, folder: Path, secret: str, *, network: bool) -> Polled:
    """`folder` is the workspace's. Without `network` (a virtual workspace) no mailbox is asked."""

    def put(raw: bytes) -> None:
        inbox.put("mail", raw, at=datetime.now(UTC))

    taken, troubles = 0, list[NotDone]()
    drop = folder / settings.folder
    try:
        taken += take_folder(drop, put)
    except OSError as trouble:
        why = trouble.strerror
        troubles.append(
            NotDone(
                "inbound-folder",
                f"{drop} のメールを取り込めません({why})。場所と権限をご確認ください。",
                f"Cannot take mail from {drop} ({why}). Check the place and its permissions.",
            )
        )
    if settings.imap is not None and network:
        from hagukumi.channels.inbound.imap import take_imap

        try:
            taken += take_imap(settings.imap, folder, engine, secret, put)
        except NotDone as refusal:
            troubles.append(refusal)
    return Polled(taken, tuple(troubles))
