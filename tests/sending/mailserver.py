"""A real mail server on this machine (aiosmtpd) that can be told to make trouble. Start with `MailHouse`."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Rcpt = Callable[[str], str]


@dataclass
class MailHouse:
    """What the server does, and what it has got. rcpt and dot: the answers, given the recipient and the letter."""

    rcpt: Rcpt = lambda address: "250 ok"
    dot: Callable[[bytes], str] = lambda content: "250 2.0.0 Ok: queued as 4ZX1"
    mail: Callable[[str], str] = lambda address: "250 ok"
    before_dot: bool = False
    """Hangs up once a part of the letter has come."""
    after_dot: bool = False
    """Takes the letter and hangs up without a word."""
    slow: float = 0.0
    passwords: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, opts: Any) -> str:
        self.sessions.add(id(session))
        said = self.mail(address)
        if said.startswith("250"):
            envelope.mail_from = address
        return said

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, opts: Any) -> str:
        said = self.rcpt(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.dot(bytes(envelope.original_content or b""))
        if said.startswith("250"):
            self.taken.append(envelope)
        if self.after_dot:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        await asyncio.sleep(self.slow)
        return said

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Whether the password is the right one."""
        assert isinstance(data, LoginPassword)
        known = self.passwords.get(data.login.decode())
        return AuthResult(success=known is not None and known == data.password.decode(), handled=False)


class _HangsUp(SMTP):
    """Asks for the letter and hangs up in the middle of it."""

    async def smtp_DATA(self, arg: str | None) -> None:
        await self.push("354 go on")
        assert isinstance(self.transport, asyncio.Transport)
        await self._reader.readline()
        self.transport.abort()


class _Controller(Controller):
    def factory(self) -> SMTP:
        kind = _HangsUp if self.handler.before_dot else SMTP
        return kind(self.handler, **self.SMTP_kwargs)


@contextmanager
def serving(house: MailHouse, port: int, certificate: tuple[Path, Path] | None = None) -> Iterator[MailHouse]:
    """The server for the length of the block; `certificate` (its file, the key's) makes it insist on STARTTLS."""
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        options = {"tls_context": context, "require_starttls": True}
    if house.passwords:
        options |= {"authenticator": house.authenticator, "auth_required": True}
        options |= {} if certificate else {"auth_require_tls": False}
    controller = _Controller(house, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield house
    finally:
        controller.stop()


@contextmanager
def saying(port: int, *lines: str) -> Iterator[None]:
    """A server that says these lines to everybody, one after each line it hears, and knows nothing else."""
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(0.1)
    over = threading.Event()

    def talk() -> None:
        while not over.is_set():
            try:
                heard, _ = listener.accept()
            except TimeoutError:
                continue
            with heard, heard.makefile("rwb") as both:
                heard.settimeout(5)
                _recite(both, lines)

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        yield
    finally:
        over.set()
        talking.join()
        listener.close()


def _recite(both: Any, lines: Sequence[str]) -> None:
    try:
        for line in lines:
            both.write(line.encode() + b"\r\n")
            both.flush()
            heard = both.readline()
            while line.startswith("354") and heard not in (b".\r\n", b""):
                heard = both.readline()
    except OSError:
        return


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that its owner has signed, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    files[1].write_bytes(secret)
    return files
