"""Meta by its own package (extra `ads`): custom audiences of people. EXPERIMENTAL. Start with `open_meta`."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hagukumi.channels.ads.handing import Handing, NotTaken, Row, Told
from hagukumi.credentials import KEY, Credential
from hagukumi.journeys.core.values import Words
from hagukumi.settings import MetaAds
from hagukumi.words.audiences import refusal

VARIABLE = "HAGUKUMI_META_TOKEN"
LOT = 10_000
"""Members a call, as many as Meta takes."""
SCHEMA = ["EMAIL", "PHONE", "FN", "LN", "ZIP", "COUNTRY"]
"""In the order of the headers."""
PREFIX = "Hagukumi "
SECONDS = 60


def open_meta(settings: MetaAds, folder: Path) -> Meta:
    """The outlet. Raises NotDone: no account, no token, or the package is missing."""
    if not settings.account:
        raise refusal("audience-settings", "meta.account")
    what = Words("Metaのアクセストークン", "access token of Meta")
    token = Credential("meta-token", what, VARIABLE, "ads.meta.token_file", settings.token_file, folder, KEY).get()
    try:
        from facebook_business.api import FacebookAdsApi
        from facebook_business.session import FacebookSession
    except ImportError:
        raise refusal("audience-package", "facebook-business") from None
    session = FacebookSession(access_token=token, timeout=SECONDS)
    if settings.url:
        session.GRAPH = _address(settings.url)
    return Meta(FacebookAdsApi(session), settings.account.removeprefix("act_"))


class Meta:
    """Hands over to one ad account."""

    word = "meta"

    def __init__(self, api: Any, account: str) -> None:
        self.api = api
        self.account = f"act_{account}"

    def hand(self, what: Handing) -> Told:
        """The answer is received/invalid. Raises NotTaken with Meta's code: the call may have arrived all the same."""
        import requests
        from facebook_business.exceptions import FacebookError, FacebookRequestError

        try:
            remote = what.remote or self._found(what) or self._made(what)
            # Who leaves goes first: whatever fails after that, they are out.
            told = [self._users(remote, what.removed, remove=True), self._users(remote, what.added, remove=False)]
        except FacebookRequestError as trouble:
            raise NotTaken(f"{trouble.http_status()}/{trouble.api_error_code()}") from None
        except (FacebookError, requests.RequestException) as trouble:
            raise NotTaken(type(trouble).__name__) from None
        return Told("/".join(str(sum(each)) for each in zip(*told, strict=True)), remote, remote)

    def _found(self, what: Handing) -> str | None:
        from facebook_business.adobjects.adaccount import AdAccount

        for each in AdAccount(self.account, api=self.api).get_custom_audiences(fields=["id", "name"]):
            if each["name"] == PREFIX + what.name:
                return str(each["id"])
        return None

    def _made(self, what: Handing) -> str:
        from facebook_business.adobjects.adaccount import AdAccount

        params = {
            "name": PREFIX + what.name,
            "subtype": "CUSTOM",
            "description": "Hagukumi",
            "customer_file_source": "USER_PROVIDED_ONLY",
        }
        return str(AdAccount(self.account, api=self.api).create_custom_audience(params=params)["id"])

    def _users(self, remote: str, rows: Sequence[Row], *, remove: bool) -> tuple[int, int]:
        """How many Meta says it received, and how many of them were no hashes to it."""
        from facebook_business.adobjects.customaudience import CustomAudience

        received = invalid = 0
        for start in range(0, len(rows), LOT):
            lot = [list(each) for each in rows[start : start + LOT]]
            params = CustomAudience.format_params(SCHEMA, lot, is_raw=True, pre_hashed=True)
            if remove:
                # The package would put ten thousand hashes into the address of a DELETE, which no server takes.
                params["method"] = "delete"
            answer = self.api.call("POST", (remote, "users"), params=params).json()
            received += int(answer.get("num_received", 0))
            invalid += int(answer.get("num_invalid_entries", 0))
        return received, invalid


def _address(url: str) -> str:
    """Raises NotDone where it would be spoken to in the clear."""
    place = urlsplit(url)
    host = place.hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if place.scheme != "https" and not (place.scheme == "http" and here):
        raise refusal("audience-settings", "meta.url (https)")
    return url.rstrip("/")
