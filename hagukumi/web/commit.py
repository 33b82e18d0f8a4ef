"""One commit for all who knock at the same time: each is answered after it. Start with `GroupCommit.put`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from hagukumi.channels.inbox import Inbox

MOST = 1_000
"""Batches in one commit."""
WAITING = 20_000
"""So many may wait; who comes then is told to come again."""

_Waiting = tuple[str, bytes, datetime, "asyncio.Future[int]"]


class GroupCommit:
    """Stores batches of concurrent requests together. Lives in one event loop."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "inbox")

    async def put(self, kind: str, body: bytes, at: datetime) -> int:
        """The id of the stored batch, after its commit. Raises OverflowError when too many wait."""
        if len(self._waiting) >= WAITING:
            raise OverflowError
        stored: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, body, at, stored))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await stored

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                batches = [(kind, body, at) for kind, body, at, _ in some]
                try:
                    ids = await loop.run_in_executor(self._thread, self.inbox.put_many, batches)
                except BaseException as trouble:
                    for *_, stored in some:
                        if not stored.done():
                            stored.set_exception(trouble)
                    if not isinstance(trouble, Exception):
                        raise
                    continue
                for id_, (*_, stored) in zip(ids, some, strict=True):
                    if not stored.done():
                        stored.set_result(id_)
        finally:
            self._writing = None

    def close(self) -> None:
        """Waits for the last commit."""
        self._thread.shutdown()
