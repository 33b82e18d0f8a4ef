"""A Maildir as an outlet: the default one, so that nothing leaves by accident. Start at `Maildir.call`."""

import errno
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from threading import get_ident

from hagukumi.letters.transport import Accepted, Outgoing, Refused, Said, TransportError

ENDING = ".hagukumi"


def name_of(key: str) -> str:
    """The file name of a letter: the same key gives the same name, whatever the process."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=20).hexdigest() + ENDING


class Maildir:
    """Delivers into `folder` (made with new, cur and tmp); the same key twice is one file.

    A letter that a mail program has moved to cur counts as delivered; one that was deleted there does not.
    Files are complete when they appear, whatever happens to the process. `durable=True` also writes each one through
    to the disk, so that it outlasts a power cut: a few milliseconds a letter.
    """

    at_once = 1
    most = 1
    network = False

    def __init__(self, folder: Path, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self._new, self._cur, self._tmp = (folder / name for name in ("new", "cur", "tmp"))
        self._read: set[str] = set()
        self._read_at = -1
        try:
            for part in (self._new, self._cur, self._tmp):
                part.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise TransportError(f"{folder}: {error.strerror}") from error

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """Puts the messages into new; what the disk refuses is never permanent, for it may be mended."""
        return [self._put(letter.message, letter.key) for letter in letters]

    def _put(self, message: bytes, key: str) -> Said:
        name = name_of(key)
        try:
            if not self._stands(name):
                self._write(name, message)
        except OSError as error:
            return Refused(errno.errorcode.get(error.errno or 0, "OSError"), channel=True)
        return Accepted(name)

    def flush(self) -> None:
        """Brings the folder's list to the disk, once a batch."""
        try:
            _sync(self._new)
        except OSError as error:
            raise TransportError(f"{self.folder}: {error.strerror}") from error

    def _stands(self, name: str) -> bool:
        changed = os.stat(self._cur).st_mtime_ns
        if changed != self._read_at:
            self._read = {entry.partition(":")[0] for entry in os.listdir(self._cur)}
            self._read_at = changed
        return name in self._read or os.path.exists(f"{self._new}/{name}")

    def _write(self, name: str, message: bytes) -> None:
        early, final = f"{self._tmp}/{name}.{os.getpid()}.{get_ident()}", f"{self._new}/{name}"
        descriptor = os.open(early, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(descriptor, "wb", buffering=0) as file:
                # One write is usually all; a full disk may take a part first.
                rest = memoryview(message)
                while rest:
                    rest = rest[file.write(rest) :]
                if self.durable:
                    os.fsync(descriptor)
            # Two processes with the same key rename the same letter onto each other: still one file.
            os.rename(early, final)
        except OSError:
            Path(early).unlink(missing_ok=True)
            raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
