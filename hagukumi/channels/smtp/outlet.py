"""A mail server as an outlet, by SMTP with connections that are kept. Start with `MailServer.call`.

Until the final dot has been sent the server cannot have taken a letter (RFC 5321, 4.1.1.4): whatever breaks before it
is a refusal, and whatever breaks after it is Lost.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from hagukumi.channels.smtp.replies import Reply, Step, lost, refusal
from hagukumi.credentials import Credential
from hagukumi.journeys.core.values import Words
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import envelope_address, message_id
from hagukumi.letters.transport import Accepted, Lost, Outgoing, Outlet, Refused, Said
from hagukumi.settings import Smtp
from hagukumi.words.refusal import NotDone

PASSWORD_VARIABLE = "HAGUKUMI_SMTP_PASSWORD"
_HERE = {"localhost", "127.0.0.1", "::1"}
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")
_QUEUED = re.compile(r"queued as ([\w.+/-]+)|\bid[=:]? ?([\w.+/-]+)", re.IGNORECASE)


class Waits(NamedTuple):
    """Seconds. final: for the answer to the whole letter, which a server may look through; less than a lease lasts."""

    connect: float = 20
    command: float = 60
    final: float = 180
    idle: float = 60
    """A connection that lay longer is not used again."""


WAITS = Waits()


def open_smtp(settings: Smtp, folder: Path) -> Outlet:
    """The outlet over these settings; `folder` is the workspace's. Raises NotDone: no encryption to another machine."""
    if settings.security == "none" and settings.host not in _HERE:
        raise NotDone(
            "smtp-plain",
            "暗号化なし(security: none)で送信できるのは、同じ機械のサーバーだけです。"
            "smtp.security を starttls か tls にしてください。",
            "Without encryption (security: none) letters go only to a server on this machine. "
            "Set smtp.security to starttls or tls.",
        )
    return MailServer(settings, folder)


class _Refusing(Exception):
    """No connection can be had, and why."""

    def __init__(self, said: Refused) -> None:
        super().__init__(said.code)
        self.said = said


class _Died(Exception):
    """The connection is gone, and the letter has surely not been taken by it."""


class MailServer:
    """Gives letters to one mail server. May be called from any number of threads.

    The password is read anew for each connection. The server's certificate is checked against the machine's
    authorities (SSL_CERT_FILE names others).
    """

    most = 1
    network = True

    def __init__(self, settings: Smtp, folder: Path, waits: Waits = WAITS) -> None:
        self.settings = settings
        self.waits = waits
        self.at_once = max(settings.at_once, 1)
        self._idle: deque[tuple[float, smtplib.SMTP]] = deque()
        self._tls: ssl.SSLContext | None = None
        what = Words("SMTP のパスワード", "SMTP password")
        entry = "smtp.password_file"
        self._password = Credential("smtp-password", what, PASSWORD_VARIABLE, entry, settings.password_file, folder)

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """One letter, one answer."""
        return [self._send(letter) for letter in letters]

    def flush(self) -> None:
        """Every letter has been answered for already."""

    def close(self) -> None:
        """Says good-bye on every connection."""
        while self._idle:
            _, connection = self._idle.pop()
            _leave(connection)

    def _send(self, letter: Outgoing) -> Said:
        try:
            sender, recipient = envelope_address("From", letter.sender), envelope_address("To", letter.recipient)
            kept = self._kept()
            if kept is not None:
                try:
                    return self._hand_over(kept, letter, sender, recipient)
                except _Died:
                    # It went to sleep or the server began anew: nothing was lost but the connection.
                    pass
            return self._hand_over(self._connect(), letter, sender, recipient)
        except CannotRender as trouble:
            return Refused(trouble.reason, permanent=True)
        except _Refusing as refusing:
            return refusing.said
        except _Died as died:
            return Refused(str(died), channel=True)

    def _hand_over(self, connection: smtplib.SMTP, letter: Outgoing, sender: str, recipient: str) -> Said:
        """The letter's own dialogue. Raises _Died while the server cannot have taken it."""
        body = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", letter.message))
        size = [f"SIZE={len(body)}"] if connection.has_extn("size") else []
        try:
            _wait(connection, self.waits.command)
            steps: tuple[tuple[Step, str], ...] = (
                ("mail", f"MAIL FROM:<{sender}>{''.join(f' {one}' for one in size)}"),
                ("rcpt", f"RCPT TO:<{recipient}>"),
                ("data", "DATA"),
            )
            for step, command in steps:
                reply = Reply.of(connection.docmd(command))
                if not reply.goes_on(step):
                    return self._refused(connection, step, reply)
            connection.send(body)
            _wait(connection, self.waits.final)
            # By itself: when this fails, not all of it was handed on, and the server does not see the end.
            connection.send(b".\r\n")
        except (OSError, smtplib.SMTPException) as trouble:
            connection.close()
            raise _Died(lost(trouble).code) from None
        return self._finish(connection, letter, sender)

    def _finish(self, connection: smtplib.SMTP, letter: Outgoing, sender: str) -> Said:
        """From here on nobody but the server knows."""
        try:
            reply = Reply.of(connection.getreply())
        except (OSError, smtplib.SMTPException) as trouble:
            connection.close()
            return lost(trouble)
        if reply.number // 100 in (4, 5):
            return self._refused(connection, "dot", reply)
        if not reply.goes_on("dot"):
            connection.close()
            return Lost(f"SMTP {reply.number}")
        self._keep(connection)
        queued = _QUEUED.search(reply.words)
        own = message_id(letter.key, sender.rpartition("@")[2]).strip("<>")
        return Accepted(own if queued is None else queued[1] or queued[2])

    def _refused(self, connection: smtplib.SMTP, step: Step, reply: Reply) -> Refused:
        said = refusal(step, reply)
        if reply.number == 421 or not reply.is_reply:
            connection.close()
            if step == "mail":
                # Servers say so to whoever has sent enough by one connection: another may be welcome.
                raise _Died(reply.code)
            return said
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            connection.close()
        else:
            self._keep(connection)
        return said

    def _keep(self, connection: smtplib.SMTP) -> None:
        self._idle.append((time.monotonic(), connection))

    def _kept(self) -> smtplib.SMTP | None:
        """The connection used last, if it has not lain for too long."""
        try:
            since, connection = self._idle.pop()
        except IndexError:
            return None
        if time.monotonic() - since < self.waits.idle:
            return connection
        connection.close()
        self.close()
        return None

    def _connect(self) -> smtplib.SMTP:
        """A new connection, encrypted and signed in. Raises _Refusing."""
        settings = self.settings
        try:
            password = self._password.get() if settings.user else ""
        except NotDone as missing:
            raise _Refusing(Refused(missing.code, channel=True)) from None
        connection: smtplib.SMTP | None = None
        try:
            connection = self._greeted()
            if settings.security == "starttls":
                connection.starttls(context=self._context())
                connection.ehlo_or_helo_if_needed()
            if settings.user:
                connection.login(settings.user, password)
            return connection
        except smtplib.SMTPResponseException as trouble:
            raised = refusal("greeting", Reply.of((trouble.smtp_code, trouble.smtp_error)))
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as trouble:
            # Certificates that do not hold, refused connections, names that do not resolve, passwords not in ASCII.
            raised = Refused(lost(trouble).code, channel=True)
        if connection is not None:
            connection.close()
        raise _Refusing(raised)

    def _greeted(self) -> smtplib.SMTP:
        settings, wait = self.settings, self.waits.connect
        if settings.security == "tls":
            port = settings.port or 465
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, port, _own_name(), timeout=wait, context=self._context()
            )
        else:
            opened = smtplib.SMTP(settings.host, settings.port or 587, _own_name(), timeout=wait)
        _wait(opened, self.waits.command)
        opened.ehlo_or_helo_if_needed()
        return opened

    def _context(self) -> ssl.SSLContext:
        self._tls = self._tls or ssl.create_default_context()
        return self._tls


@lru_cache(1)
def _own_name() -> str:
    """What we call ourselves in EHLO: our full name, else our address; looked up once."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


def _wait(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def _leave(connection: smtplib.SMTP) -> None:
    try:
        _wait(connection, 1.0)
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
