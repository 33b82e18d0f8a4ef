"""The outlet that hagukumi.yaml names, opened or refused; and the one of a rehearsal, which leads nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from abm.audience import Platform, Way
from hagukumi.channels.ads.handing import Outlet as AdOutlet
from hagukumi.letters.transport import Accepted, Outgoing, Outlet, Said
from hagukumi.settings import NETWORK_OUTLETS, Settings
from hagukumi.words.audiences import refusal
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace


def open_outlet(workspace: Workspace, settings: Settings) -> Outlet:
    """The outlet that hagukumi.yaml names, its parts read only then. Raises NotDone where it must not be used."""
    refuse_network(workspace, settings)
    match settings.outlet:
        case "folder":
            from hagukumi.channels.folder.outlet import Maildir

            return Maildir(workspace.folder / settings.outbox)
        case "smtp":
            from hagukumi.channels.smtp.outlet import open_smtp

            assert settings.smtp is not None
            return open_smtp(settings.smtp, workspace.folder)
        case "sendgrid":
            from hagukumi.channels.sendgrid.outlet import open_sendgrid

            return open_sendgrid(settings.sendgrid, workspace.folder, workspace.id)


def refuse_network(workspace: Workspace, settings: Settings) -> None:
    """Raises NotDone when letters of a virtual workspace would leave the machine, or the outlet lacks its server."""
    if settings.outlet in NETWORK_OUTLETS and workspace.nature == "virtual":
        raise NotDone(
            "outlet-virtual",
            f"仮想(練習用)のワークスペースからは送信できません。hagukumi.yaml の outlet: {settings.outlet} を "
            "folder にするか、実運用のワークスペース(hagukumi init フォルダ)をお使いください。",
            f"A virtual workspace sends nothing over a network. Set outlet: folder instead of {settings.outlet} in "
            "hagukumi.yaml, or make a real workspace: hagukumi init DIR",
        )
    if settings.outlet == "smtp" and settings.smtp is None:
        raise NotDone(
            "outlet-smtp",
            "hagukumi.yaml の outlet が smtp ですが、smtp: のサーバー(host)がありません。",
            "outlet is smtp in hagukumi.yaml, but smtp: names no server (host).",
        )


def open_ads(workspace: Workspace, settings: Settings, name: str, platform: Platform, way: Way) -> AdOutlet:
    """Where an audience's differences go. Raises NotDone where they must not, or cannot."""
    if way == "file":
        from hagukumi.channels.ads.file import FOLDER, Folder

        return Folder(workspace.var / FOLDER)
    if workspace.nature == "virtual":
        raise refusal("audience-virtual")
    match platform:
        case "google":
            from hagukumi.channels.ads.google import open_google

            return open_google(settings.ads.google, workspace.folder)
        case "meta":
            from hagukumi.channels.ads.meta import open_meta

            return open_meta(settings.ads.meta, workspace.folder)
        case _:
            raise refusal("audience-no-api", name, platform)


class Nowhere:
    """The outlet of a rehearsal: takes every letter and drops it."""

    at_once = 1
    most = 1
    network = False

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        """Accepts."""
        return [Accepted("rehearsal") for _ in letters]

    def flush(self) -> None:
        """Nothing to bring to a disk."""
