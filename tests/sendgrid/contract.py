"""Twilio's own description of the API, made strict: fields it does not name are forbidden. Start with `strict`."""

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = ROOT.parent / "shared" / "data" / "sendgrid" / "tsg_mail_v3.json"
ABSENT = "the description of SendGrid's API is not beside the checkout (../shared/data/sendgrid)"

needs_description = pytest.mark.skipif(not DESCRIPTION.exists(), reason=ABSENT)


def strict() -> dict[str, Any]:
    """The description; objects that name their fields take no others."""
    read: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    _close(read)
    return read


def schema_of_send() -> dict[str, Any]:
    """The JSON schema of a request body of POST /v3/mail/send."""
    description = strict()
    post = description["components"]["requestBodies"]["PostMailSend"]
    return {**post["content"]["application/json"]["schema"], "components": description["components"]}


def _close(part: Any) -> None:
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            part.setdefault("additionalProperties", False)
        for inner in part.values():
            _close(inner)
    elif isinstance(part, list):
        for inner in part:
            _close(inner)
