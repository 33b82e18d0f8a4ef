"""Incoming mail of a workspace: what its reader needs, and the sources it comes from. Start with `poll_mail`."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from hagukumi.channels.inbound.classify import Classifier
from hagukumi.channels.inbound.poll import Polled, poll
from hagukumi.channels.inbound.read import Gone, MailRules
from hagukumi.journeys.core.effects import MakeTask
from hagukumi.journeys.core.values import Span, SpanUnit
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.shell.tasks import Cause, put_on_desks
from hagukumi.wiring import Wired

_SOON = Span(3, SpanUnit.BUSINESS_DAYS)
_log = logging.getLogger("hagukumi.mail")


def mail_rules(wired: Wired) -> MailRules:
    """The classifier over the workspace's words, and inside sales' desk."""
    settings = wired.files.settings
    domains = frozenset(
        domain.lower()
        for domain in (settings.sender.email.rpartition("@")[2], settings.sender.domain, *settings.inbound.own_domains)
        if domain
    )

    def ask(conn: Connection, gone: Gone) -> None:
        """Who comes after them is worth a call."""
        if "tasks" not in wired.files.settings.parts:
            return
        effect = MakeTask(gone.key, "", "inside_sales", "task", "successor", _SOON, None)
        why = Why("left_company")
        put_on_desks(conn, [Cause(gone.person, gone.account, gone.at, effect, None, why)], wired.calendar)

    return MailRules(Classifier(wired.files.inbound, domains), ask)


def poll_sources(wired: Wired) -> Polled:
    """Asks the drop folder and the IMAP folder; what they hold lies in the inbox afterwards."""
    workspace, settings = wired.workspace, wired.files.settings.inbound
    network = wired.identity.nature == "real"
    return poll(wired.inbox, wired.engine, settings, workspace.folder, wired.identity.secret, network=network)


def poll_mail(wired: Wired) -> int:
    """The same for the loop: how many mails came. A source that cannot be asked is logged by its code."""
    polled = poll_sources(wired)
    for trouble in polled.troubles:
        _log.warning("mail not fetched: %s", trouble.code)
    return polled.taken
