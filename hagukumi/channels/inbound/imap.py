"""A folder of an IMAP mailbox, read without changing anything there. Start with `take_imap`.

How far it has been read stands in our own table: the folder may be read by people as well.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from sqlalchemy import Engine, select

from hagukumi.channels.inbound.folder import LARGEST
from hagukumi.credentials import Credential
from hagukumi.journeys.core.values import Words
from hagukumi.settings import Imap
from hagukumi.words.refusal import NotDone
from models.tables.bulk import upsert_many
from models.tables.engine import begin_read, begin_write
from models.tables.keys import keyed_hash
from models.tables.schema import mailbox

PASSWORD_VARIABLE = "HAGUKUMI_IMAP_PASSWORD"
MOST = 100
"""Mails fetched in one go."""
_SECONDS = 30.0
_HERE = ("localhost", "127.0.0.1", "::1")


def take_imap(
    settings: Imap, folder: Path, engine: Engine, secret: str, put: Callable[[bytes], object], *, most: int = MOST
) -> int:
    """Puts mails that are new since the last time into the inbox, at most `most`. Returns how many.

    `folder` is the workspace's; `put` has committed when it returns. Each mail is put before it is ticked off, so that
    one may come twice after a crash and none is lost. Raises NotDone when the mailbox cannot be read.
    """
    password = password_of(settings, folder)
    name = keyed_hash(secret, f"{settings.user}@{settings.host}:{settings.port}/{settings.folder}")
    taken = 0
    with _opened(settings, password) as box:
        validity, new = _look(box, settings, lambda validity: _last(engine, name, validity))
        for uid in new[:most]:
            raw = _fetch(box, uid)
            if raw:
                put(raw)
                taken += 1
            _tick_off(engine, name, validity, uid)
    return taken


def password_of(settings: Imap, folder: Path) -> str:
    """From the environment, else from the file. Raises NotDone; the password itself is in no message."""
    what = Words("IMAP のパスワード", "IMAP password")
    entry = "inbound.imap.password_file"
    return Credential("imap-password", what, PASSWORD_VARIABLE, entry, settings.password_file, folder).get()


@contextmanager
def _opened(settings: Imap, password: str) -> Iterator[BaseMailBox]:
    """The mailbox, signed in and with its folder selected for reading only."""
    box: BaseMailBox | None = None
    try:
        box = _connected(settings)
        box.login(settings.user, password, initial_folder=None)
        box.folder.set(settings.folder, readonly=True)
        yield box
    except (MailboxLoginError, UnicodeEncodeError):
        raise NotDone(
            "imap-login",
            f"{settings.host} にサインインできません。ユーザー名とパスワードをご確認ください。",
            f"Cannot sign in to {settings.host}. Check the user's name and the password.",
        ) from None
    except MailboxFolderSelectError:
        raise NotDone(
            "imap-folder",
            f"{settings.host} にフォルダ「{settings.folder}」がありません。",
            f"There is no folder {settings.folder} at {settings.host}.",
        ) from None
    except (OSError, ssl.SSLError, imaplib.IMAP4.error, ImapToolsError) as trouble:
        raise _away(settings, trouble) from None
    finally:
        if box is not None:
            with suppress(Exception):
                box.logout()


def _connected(settings: Imap) -> BaseMailBox:
    if settings.security == "none":
        if settings.host not in _HERE:
            raise NotDone(
                "imap-plain",
                "暗号化なし(security: none)で読み取れるのは、同じ機械のサーバーだけです。",
                "Without encryption (security: none) only a server on this machine is read.",
            )
        return MailBoxUnencrypted(settings.host, settings.port or 143, timeout=_SECONDS)
    safe = ssl.create_default_context()
    if settings.security == "starttls":
        return MailBoxStartTls(settings.host, settings.port or 143, timeout=_SECONDS, ssl_context=safe)
    return MailBox(settings.host, settings.port or 993, timeout=_SECONDS, ssl_context=safe)


def _look(box: BaseMailBox, settings: Imap, last_of: Callable[[int], int]) -> tuple[int, list[int]]:
    """The folder's validity and the mails that are new since the last time."""
    try:
        validity = box.folder.status(settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
        last = last_of(validity)
        return validity, sorted(uid for each in box.uids(f"UID {last + 1}:*") if (uid := int(each)) > last)
    except (KeyError, IndexError, ValueError) as trouble:
        # What came back is no answer of an IMAP server.
        raise _away(settings, trouble) from None


def _away(settings: Imap, trouble: Exception) -> NotDone:
    return NotDone(
        "imap-away",
        f"{settings.host} のメールボックスを読み取れません({type(trouble).__name__})。次の回にまた試します。",
        f"Cannot read the mailbox at {settings.host} ({type(trouble).__name__}). It is tried again later.",
    )


def _fetch(box: BaseMailBox, uid: int) -> bytes:
    """The mail, not marked as read; of one larger than LARGEST its beginning."""
    status, answer = box.client.uid("fetch", str(uid), f"(BODY.PEEK[]<0.{LARGEST}>)")
    parts: list[Any] = answer if status == "OK" else []
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple) and re.search(rb"BODY\[", part[0])), b"")


def _last(engine: Engine, name: str, validity: int) -> int:
    """The last message taken; 0 when the folder is new to us, or was made anew."""
    c = mailbox.c
    with begin_read(engine) as conn:
        row = conn.execute(select(c.validity, c.uid).where(c.name == name)).first()
    return int(row.uid) if row is not None and row.validity == validity else 0


def _tick_off(engine: Engine, name: str, validity: int, uid: int) -> None:
    with begin_write(engine) as conn:
        upsert_many(
            conn, mailbox, ("name", "validity", "uid"), [(name, validity, uid)],
            conflict=("name",), update=("validity", "uid"),
        )  # fmt: skip
