"""Letters for the tests of the SendGrid outlet, and the outlet over a server on this machine."""

from pathlib import Path
from typing import Any

from hagukumi.channels.sendgrid.outlet import SendGridOutlet, open_sendgrid
from hagukumi.letters.message import Mailbox
from hagukumi.letters.transport import Outgoing
from hagukumi.settings import SendGrid

SENDER = Mailbox("株式会社見本 佐藤", "sato@sender.example")
WORKSPACE = "0190-workspace"


def letter(key: str, **changed: Any) -> Outgoing:
    """A letter whose address is made of its key."""
    made = Outgoing(
        key=key,
        message=b"",
        subject="病床300床の病院で、転記が半分になった事例",
        text="山田様\n\n導入事例をお送りします。",
        html="<p>山田様</p><p>導入事例をお送りします。</p>",
        sender=SENDER,
        recipient=Mailbox("山田 花子", f"{key.replace('/', '.')}@example.com"),
        refuse_url="https://sender.example/r/abc",
        reply_to=None,
        klass="nurture",
        scenario="industry-hospital",
        content="hospital/first-case",
    )
    return made._replace(**changed)


def outlet(url: str, folder: Path, **settings: Any) -> SendGridOutlet:
    """The outlet as the wiring opens it, without a limit that would slow tests down."""
    usual = {"calls_per_second": 10_000, "at_once": 8, "answer_within": 1}
    opened = open_sendgrid(SendGrid(url=url, **{**usual, **settings}), folder, WORKSPACE)
    assert isinstance(opened, SendGridOutlet)
    return opened
