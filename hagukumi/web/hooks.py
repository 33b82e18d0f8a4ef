"""POST /hooks/sendgrid: what SendGrid tells about letters. Start with `EventHook.take`.

The raw batch lies in the inbox before it is answered with 200; whatever else is answered, SendGrid tries again for a
day. Without a verification key nothing is taken: whoever may tell us of refusals may silence anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hagukumi.channels.sendgrid.signature import SIGNATURE, TIMESTAMP, BadKey, is_fresh, is_signed, read_key
from hagukumi.channels.web.events import Wrong
from hagukumi.web.answers import answer, refuse
from hagukumi.web.commit import GroupCommit
from hagukumi.web.desk import Desk
from hagukumi.web.limits import read_body
from models.tables.errors import DatabaseError

MOST_BYTES = 1_000_000
"""SendGrid posts at 768 kB or every thirty seconds."""
SECONDS = 30.0
_log = logging.getLogger("hagukumi.web")


class EventHook:
    """The endpoint for SendGrid's event webhook of one workspace."""

    def __init__(self, desk: Desk, commit: GroupCommit) -> None:
        self.desk, self.commit = desk, commit

    async def take(self, request: Request) -> Response:
        """200 {"accepted": true} once the batch is stored; 401 or 403 for a call that is not SendGrid's, or stale."""
        try:
            body = await read_body(request, MOST_BYTES, SECONDS)
            self._verify(request, body)
            await self.commit.put("sendgrid", body, datetime.now(UTC))
        except Wrong as wrong:
            if wrong.code.startswith("hook-"):
                _log.warning("a call of the event webhook was refused: %s", wrong.code)
            return refuse("hook-too-large" if wrong.code == "too-large" else wrong.code)
        except (DatabaseError, DBAPIError, OverflowError) as trouble:
            _log.warning("not stored: %s", type(trouble).__name__)
            return refuse("busy")
        except ClientDisconnect:
            return refuse("too-slow")
        return answer({"accepted": True})

    def _verify(self, request: Request, body: bytes) -> None:
        """Raises Wrong. Takes some 0.1 ms, less than handing it to a thread and back would."""
        keys = self.desk.rules.settings.sendgrid.verification_keys
        if not keys:
            raise Wrong("hook-no-key")
        timestamp = request.headers.get(TIMESTAMP, "")
        _signed_by_one(keys, request.headers.get(SIGNATURE, ""), timestamp, body)
        if not is_fresh(timestamp, datetime.now(UTC)):
            raise Wrong("hook-stale")


def _signed_by_one(keys: Sequence[str], signature: str, timestamp: str, body: bytes) -> None:
    """Any of them may have signed: while a key is exchanged both are in use. Raises Wrong."""
    broken = False
    for each in keys:
        try:
            if is_signed(read_key(each), signature, timestamp, body):
                return
        except BadKey:
            broken = True
    raise Wrong("hook-bad-key" if broken else "hook-signature")
