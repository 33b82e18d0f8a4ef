"""Passwords and keys: from the environment, else from a file that only its owner may read. Start with `Credential`.

A file is read again when it has changed, so that a key is exchanged without a restart. None of it is ever in a message.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

KEY = re.compile(r"[!-~]+")
"""Signs an API key may be made of: it travels in a header."""
PASSWORD = re.compile(r"[ -~]+")
"""Signs a password may be made of: mail servers are told it in ASCII."""


@dataclass(slots=True)
class Credential:
    """One secret. `code` begins the codes of what may be wrong with it; `entry` names it in hagukumi.yaml.

    folder: the workspace's; `file` is relative to it. form: what all of it has to match.
    """

    code: str
    what: Words
    variable: str
    entry: str
    file: str
    folder: Path
    form: re.Pattern[str] = PASSWORD
    _read: tuple[tuple[int, int, int], str] | None = field(default=None, repr=False)

    def get(self) -> str:
        """The secret as it is now.

        Raises NotDone: none is given, its file cannot be read, others may read it, or it holds signs that none has.
        """
        found = os.environ.get(self.variable) or self._in_file()
        if not self.form.fullmatch(found):
            raise self._malformed()
        return found

    def _in_file(self) -> str:
        if not self.file:
            raise self._none()
        path = self.folder / self.file
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_mode)
            if self._read is not None and self._read[0] == stamp:
                return self._read[1]
            text = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise self._unreadable(path) from None
        if stat.st_mode & 0o077:
            raise self._open_to_others(path)
        if not text:
            raise self._none()
        self._read = stamp, text
        return text

    def _none(self) -> NotDone:
        return NotDone(
            self.code,
            f"{self.what.ja}がありません。環境変数 {self.variable} か、"
            f"hagukumi.yaml の {self.entry} で指定してください。",
            f"There is no {self.what.en}. Set {self.variable}, or {self.entry} in hagukumi.yaml.",
        )

    def _malformed(self) -> NotDone:
        return NotDone(
            f"{self.code}-form",
            f"{self.what.ja}に使えない文字(改行、全角文字、アクセント付きの文字など)があります。"
            "発行元の画面からコピーし直してください。",
            f"The {self.what.en} holds signs that cannot be in one (a line break, an accent, a full-width letter). "
            "Copy it again from where it was issued.",
        )

    def _unreadable(self, path: Path) -> NotDone:
        return NotDone(
            f"{self.code}-file",
            f"{self.what.ja}のファイル {path} を読み取れません。",
            f"Cannot read the file with the {self.what.en}, {path}.",
        )

    def _open_to_others(self, path: Path) -> NotDone:
        return NotDone(
            f"{self.code}-open",
            f"{path} をほかの人も読めます。「chmod 600 {path}」で所有者だけにしてください。",
            f"Others may read {path}. Make it its owner's alone: chmod 600 {path}",
        )
