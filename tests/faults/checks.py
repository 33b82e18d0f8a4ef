"""What SendGrid looks at before it takes a call, answered in its own words. Start with `wrong`."""

import re
from collections.abc import Iterator
from typing import Any

MOST = 1000
MOST_BYTES = 30_000_000
RESERVED = frozenset(
    "x-sg-id x-sg-eid received dkim-signature content-type content-transfer-encoding to from subject reply-to cc bcc"
    .split()
)  # fmt: skip
TOP = frozenset(
    "personalizations from reply_to reply_to_list subject content attachments template_id headers categories "
    "custom_args send_at batch_id asm ip_pool_name mail_settings tracking_settings".split()
)
_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


def error(message: str, field: str | None = None) -> dict[str, Any]:
    """One entry of `errors`."""
    return {"message": message, "field": field, "help": None}


def answer(*errors: dict[str, Any]) -> dict[str, Any]:
    """The body of a refusal."""
    return {"errors": list(errors)}


def wrong(body: Any) -> list[dict[str, Any]]:
    """What is wrong with a request body; empty when SendGrid would take it."""
    if not isinstance(body, dict):
        return [error("Bad Request")]
    return [*_unknown(body), *_sender(body), *_content(body), *_personalizations(body), *_extras(body)]


def _unknown(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in body.keys() - TOP:
        yield error(f"Additional property {name} is not allowed", name)


def _sender(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    match body.get("from"):
        case {"email": str(address)} if _ADDRESS.fullmatch(address) and address.isascii():
            pass
        case {"email": str()}:
            yield error("Does not contain a valid address.", "from.email")
        case _:
            yield error("The from object must be provided for every email send.", "from.email")


def _content(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not body.get("subject"):
        yield error("The subject is required.", "subject")
    match body.get("content"):
        case [{"type": "text/plain"}] | [{"type": "text/html"}] | [{"type": "text/plain"}, {"type": "text/html"}]:
            if not all(part.get("value") for part in body["content"]):
                yield error("The content value must be a string at least one character in length.", "content.0.value")
        case [_, *_]:
            yield error("If present, text/plain must be first, followed by text/html.", "content")
        case _:
            yield error("There must be at least one defined content block.", "content")


def _personalizations(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    blocks = body.get("personalizations")
    if not isinstance(blocks, list) or not blocks:
        yield error("You must have at least one personalization.", "personalizations")
        return
    if len(blocks) > MOST:
        yield error(f"The personalization block is limited to {MOST} personalizations per API request.")
        return
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        match block.get("to"):
            case [{"email": str(address)}]:
                field = f"personalizations.{number}.to.0"
                if not _ADDRESS.fullmatch(address):
                    yield error("Does not contain a valid address.", f"{field}.email")
                elif address.lower() in seen:
                    yield error(
                        "Each email address in the personalization block should be unique between to, cc, and bcc. "
                        f"We found the first duplicate instance of [{address}].",
                        "personalizations",
                    )
                seen.add(address.lower())
            case _:
                yield error(
                    "The to array is required for all personalization objects.", f"personalizations.{number}.to"
                )
        yield from _carried(block, number)


def _carried(block: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    for name in block.get("headers", {}):
        if name.lower() in RESERVED:
            yield error(f"The header {name} is reserved.", f"personalizations.{number}.headers")
    if len(str(block.get("custom_args", "")).encode()) > 10_000:
        yield error("custom_args may not exceed 10000 bytes.", f"personalizations.{number}.custom_args")
    if "\n" in str(block.get("headers", {}).values()):
        yield error("Headers may not hold line breaks.", f"personalizations.{number}.headers")


def _extras(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    categories = body.get("categories", [])
    if len(categories) > 10 or any(not isinstance(one, str) or len(one) > 255 for one in categories):
        yield error("The categories param may hold 10 names of 255 characters.", "categories")
    if len(set(categories)) != len(categories):
        yield error("There cannot be any duplicate categories.", "categories")
    if "asm" in body and not isinstance(body["asm"].get("group_id"), int):
        yield error("The asm.group_id must be an integer.", "asm.group_id")
