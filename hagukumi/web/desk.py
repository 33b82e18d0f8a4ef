"""What the endpoint knows of its workspace: rules as files say them now, the database, the inbox. Start with `Desk`."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine
from starlette.requests import Request

from hagukumi.channels.web.events import Site
from hagukumi.database import identity
from hagukumi.files import Files, read_files, stamp_of
from hagukumi.journeys.core.values import Words
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.letters.templates import Library
from hagukumi.pipeline.forms import Form
from hagukumi.privacy.opening import open_settled
from hagukumi.settings import Settings
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace
from models.tables.engine import begin_read

LOOK_SECONDS = 1.0
"""How often files are looked at for changes."""
_log = logging.getLogger("hagukumi.web")


@dataclass(frozen=True, slots=True)
class Rules:
    """The workspace's files as the endpoint needs them."""

    files: Files
    settings: Settings
    site: Site
    forms: dict[str, Form]
    urls: dict[str, str]
    themes: dict[str, Words]
    library: Library
    machines: MachineRules


class Desk:
    """The workspace of one web process."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.engine: Engine = open_settled(workspace)
        with begin_read(self.engine) as conn:
            own = identity(conn)
        self.secret = own.secret
        self._stamp = stamp_of(workspace)
        self._looked = time.monotonic()
        self._rules = self._read()

    @property
    def rules(self) -> Rules:
        """The rules in force. Files that are wrong at the moment change nothing: the last good ones count."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            stamp = stamp_of(self.workspace)
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._rules = self._read()
                except NotDone as refusal:
                    _log.warning("files not read again: %s", refusal.code)
        return self._rules

    def site_for(self, request: Request) -> Site | None:
        """What parsing must know for this request; None when it comes from a page of another site.

        Pages that this very server shows may send to it, whatever it is called; they count as those of base_url.
        """
        site, origin = self.rules.site, request.headers.get("origin")
        if origin is None or origin.lower() in site.origins:
            return site
        if origin.lower() != f"{request.url.scheme}://{request.headers.get('host', '')}".lower():
            return None
        known_as = origin_of(self.rules.settings.base_url) or origin.lower()
        return site._replace(origins={**site.origins, origin.lower(): known_as})

    def close(self) -> None:
        """Gives the database back."""
        self.engine.dispose()

    def _read(self) -> Rules:
        files = read_files(self.workspace)
        settings = files.settings
        site = Site(self.secret, {one: one for one in origins_of(settings)}, settings.tracking.notice_version.strip())
        urls = {name: piece.url for name, piece in files.pieces.items()}
        return Rules(files, settings, site, files.forms, urls, files.themes, files.library, files.machines)


def origins_of(settings: Settings) -> frozenset[str]:
    """The sites whose pages may send something."""
    named = (*settings.web.origins, settings.base_url, settings.sender.site)
    return frozenset(origin for url in named if (origin := origin_of(url)))


def origin_of(url: str) -> str:
    """Scheme and host of an address, or nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""
