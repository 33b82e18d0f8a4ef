"""Plans the minute's departures and hands the letters to the outlet."""

from __future__ import annotations

from prefect import flow, task

from flows.opening import RETRIED, opened, tell
from hagukumi.letters.sender import Delivered
from hagukumi.ticking import deliver as deliver_now


@task(**RETRIED)
def send(workspace: str) -> Delivered:
    """One slot: what was granted leaves. A try cut off in between leaves `unknown` letters, never a second one."""
    return deliver_now(opened(workspace))


@flow
def deliver(workspace: str = "") -> None:
    """The letters that may leave now. `workspace` is its folder."""
    done = send(workspace)
    told = {
        ("送信", "sent"): done.accepted,
        ("保留", "held"): done.held,
        ("見送り", "not sent"): done.stopped,
        ("受付不明", "unknown"): done.unknown,
        ("先方の拒否", "rejected"): done.rejected,
    }
    tell("deliver", "送信 / deliver", workspace, told)
