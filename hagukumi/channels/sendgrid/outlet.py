"""The outlet: letters go to SendGrid's v3 API. Start with `open_sendgrid`, then `SendGridOutlet.call`.

Nothing of the API key is in a message, a log or a repr; it is read anew for each call, so it changes without a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from hagukumi.channels.sendgrid.answers import meaning
from hagukumi.channels.sendgrid.bucket import Bucket
from hagukumi.channels.sendgrid.line import Line, NoAnswer, NotReached
from hagukumi.channels.sendgrid.message import body, lots
from hagukumi.credentials import KEY, Credential
from hagukumi.journeys.core.values import Words
from hagukumi.letters.transport import Lost, Outgoing, Outlet, Refused, Said
from hagukumi.settings import SendGrid
from hagukumi.words.refusal import NotDone

KEY_VARIABLE = "HAGUKUMI_SENDGRID_KEY"
HOSTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
MOST = 200
"""Letters a call, where their content is the same; SendGrid would take 1,000."""
PATIENCE = 5.0
"""Seconds a call waits for the end of a limit; a longer one is the sender's to wait for."""
HELD = timedelta(seconds=1)
"""How long a 429 that names no time holds the calls behind it."""


def open_sendgrid(settings: SendGrid, folder: Path, workspace: str = "") -> Outlet:
    """The outlet over these settings; folder: the workspace's; workspace: its id, which its events carry back.

    Raises NotDone: the address is neither https nor this machine. The key is asked for when the first letter leaves.
    """
    return SendGridOutlet(settings, address(settings), api_key(settings, folder), workspace)


def api_key(settings: SendGrid, folder: Path) -> Credential:
    """Where the API key stands."""
    what = Words("SendGridのAPIキー", "API key of SendGrid")
    return Credential("sendgrid-key", what, KEY_VARIABLE, "sendgrid.key_file", settings.key_file, folder, KEY)


def address(settings: SendGrid) -> str:
    """The API's address. Raises NotDone: it would be spoken to in the clear."""
    if not settings.url:
        return HOSTS[settings.region]
    try:
        place = urlsplit(settings.url)
        good = bool(place.hostname) and place.username is None and not place.query and (place.port or 1) > 0
        good = good and (place.scheme == "https" or (place.scheme == "http" and _is_here(place.hostname or "")))
    except ValueError:
        good = False
    if not good:
        raise NotDone(
            "sendgrid-url",
            "hagukumi.yaml の sendgrid.url は、https のアドレスか、同じ機械(http://127.0.0.1:…)にしてください。",
            "sendgrid.url in hagukumi.yaml has to be an https address, or one on this machine (http://127.0.0.1:...).",
        )
    return settings.url


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class SendGridOutlet:
    """SendGrid as an outlet; used by `at_once` threads."""

    network = True
    most = MOST

    def __init__(
        self,
        settings: SendGrid,
        url: str,
        key: Credential,
        workspace: str = "",
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.at_once = max(1, settings.at_once)
        self._settings = settings
        self._workspace = workspace
        self._key = key
        self._wall = wall
        self._line = Line(url, self.at_once, settings.answer_within)
        rate = max(1, settings.calls_per_second)
        self._bucket = Bucket(rate, max(1, rate // 10))

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """One answer a letter. Letters that cannot share a call get calls of their own."""
        said: dict[int, Said] = {}
        for lot in lots(letters, self.most):
            answers = self._lot([letters[place] for place in lot])
            said.update(zip(lot, answers, strict=True))
        return [said[place] for place in range(len(letters))]

    def flush(self) -> None:
        """Nothing is kept back."""

    def _lot(self, letters: Sequence[Outgoing]) -> list[Said]:
        """A 400 takes none of the letters: halves show which of them is to blame."""
        said = self._post(letters)
        match said:
            case Refused(code="400", permanent=True) if len(letters) > 1:
                middle = len(letters) // 2
                return self._lot(letters[:middle]) + self._lot(letters[middle:])
            case _:
                return [said] * len(letters)

    def _post(self, letters: Sequence[Outgoing]) -> Said:
        held = self._bucket.held()
        if held > PATIENCE:
            return Refused("429", retry_after=timedelta(seconds=held))
        try:
            key = self._key.get()
        except NotDone as missing:
            return Refused(missing.code, channel=True)
        self._bucket.take()
        try:
            answer = self._line.post(body(letters, self._settings, self._workspace), key)
        except NotReached as trouble:
            return Refused(trouble.code, channel=True)
        except NoAnswer as trouble:
            return Lost(trouble.code)
        said = meaning(answer, self._settings.sandbox, self._wall())
        if isinstance(said, Refused) and said.code == "429":
            self._bucket.hold((said.retry_after or HELD).total_seconds())
        return said
