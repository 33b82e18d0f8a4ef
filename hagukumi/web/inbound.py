"""POST /hooks/inbound/sendgrid: mail that SendGrid's inbound parse hands over. Start with `Hook.sendgrid`.

Who may post is told by a secret of the workspace: as the path's last part, or as the password of basic auth. The mail
lies in the inbox before it is answered with 200; anything else SendGrid tries again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hagukumi.channels.inbound.sendgrid import LARGEST, Unusable, from_sendgrid, read_form
from hagukumi.channels.web.events import Wrong
from hagukumi.web.answers import answer, refuse
from hagukumi.web.commit import GroupCommit
from hagukumi.web.limits import read_body
from models.tables.errors import DatabaseError
from models.tables.keys import keyed_hash

SECONDS = 60.0
_log = logging.getLogger("hagukumi.web")


def hook_secret(workspace_secret: str) -> str:
    """What SendGrid has to know: a hash of the workspace's secret, made for this one purpose."""
    return keyed_hash(workspace_secret, "hooks/inbound")[:40]


class Hook:
    """The endpoint for incoming mail of one workspace."""

    def __init__(self, secret: str, commit: GroupCommit) -> None:
        self.secret, self.commit = hook_secret(secret), commit

    async def sendgrid(self, request: Request) -> Response:
        """200 {"accepted": true} once the mail is stored."""
        if not self._may(request):
            return refuse("hook-secret")
        try:
            body = await read_body(request, LARGEST, SECONDS)
            kind = request.headers.get("content-type", "")
            raw = await asyncio.to_thread(_mail_of, body, kind)
            await self.commit.put("mail", raw, datetime.now(UTC))
        except Wrong as wrong:
            return refuse("mail-too-large" if wrong.code == "too-large" else wrong.code)
        except Unusable:
            return refuse("no-mail")
        except (DatabaseError, DBAPIError, OverflowError) as trouble:
            _log.warning("not stored: %s", type(trouble).__name__)
            return refuse("busy")
        except ClientDisconnect:
            return refuse("too-slow")
        return answer({"accepted": True})

    def _may(self, request: Request) -> bool:
        given = [str(request.path_params.get("secret", "")), _password(request.headers.get("authorization", ""))]
        return any(hmac.compare_digest(each.encode(), self.secret.encode()) for each in given)


def _mail_of(body: bytes, content_type: str) -> bytes:
    fields, files = read_form(body, content_type)
    return from_sendgrid(fields, files)


def _password(authorization: str) -> str:
    kind, _, given = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
