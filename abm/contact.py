"""Contact data made comparable and hashed, as each ad platform wants it. Pure. Start with `google`, `meta`, `linkedin`.

Google Customer Match (support.google.com/google-ads/answer/7659867; developers.google.com/google-ads/api): lower case,
no dots before gmail.com and googlemail.com, first names without spaces, last names without punctuation, telephone as
E.164; country and postal code stay plain. Meta (developers.facebook.com, customer information parameters): lower case,
names without punctuation and spaces, telephone in digits with its country code; everything is hashed. LinkedIn
(learn.microsoft.com/linkedin, DMP segments): mail address in lower case, hashed. All: SHA-256 of UTF-8, in hex.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import NamedTuple

COUNTRY, COUNTRY_CODE = "JP", "81"
"""Where a number without a country code and a facility without a country are."""
DOTLESS = ("gmail.com", "googlemail.com")
"""Mailboxes in which dots do not count."""
SHORTEST, LONGEST = 8, 15
"""Digits of a telephone number with its country code (E.164)."""


class Contact(NamedTuple):
    """What is known of a person, as entered. email: normalised (hagukumi.pipeline.addresses)."""

    email: str
    phone: str | None = None
    given: str | None = None
    family: str | None = None
    postal: str | None = None


def hashed(text: str) -> str:
    """SHA-256 in hex; nothing stays nothing."""
    return sha256(text.encode()).hexdigest() if text else ""


def google(who: Contact) -> tuple[str, str, str, str, str, str]:
    """Email, Phone, First Name, Last Name, Country, Zip. Names are of use only with country and postal code."""
    postal = (who.postal or "").strip().lower()
    names = ("".join(_plain(who.given).split()), letters(who.family)) if postal else ("", "")
    whole = all(names)
    return (
        hashed(dotless(who.email)),
        hashed(e164(who.phone)),
        hashed(names[0]) if whole else "",
        hashed(names[1]) if whole else "",
        COUNTRY if whole else "",
        postal if whole else "",
    )


def meta(who: Contact) -> tuple[str, str, str, str, str, str]:
    """email, phone, fn, ln, zip, country."""
    postal = "".join((who.postal or "").lower().replace("-", "").split())
    return (
        hashed(_plain(who.email)),
        hashed(e164(who.phone).removeprefix("+")),
        hashed(letters(who.given)),
        hashed(letters(who.family)),
        hashed(postal),
        hashed(COUNTRY.lower()),
    )


def linkedin(who: Contact) -> str:
    """The mail address alone: names would leave in plain text."""
    return hashed(_plain(who.email))


def dotless(email: str) -> str:
    """A mail address as Google compares it."""
    text = _plain(email)
    box, _, domain = text.rpartition("@")
    return f"{box.replace('.', '')}@{domain}" if domain in DOTLESS else text


def e164(phone: str | None) -> str:
    """A telephone number with plus and country code, Japan's where it has none; "" for what is no number."""
    text = unicodedata.normalize("NFKC", phone or "").strip()
    text = text.replace("(0)", "")
    digits = "".join(each for each in text if each in "0123456789")
    if text.startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    elif digits.startswith("010") and len(digits) > 11:
        # Dialled from Japan to abroad.
        whole = digits[3:]
    elif digits.startswith("0"):
        whole = COUNTRY_CODE + digits[1:]
    else:
        # Without area code nobody can tell whose it is.
        return ""
    return f"+{whole}" if SHORTEST <= len(whole) <= LONGEST else ""


def letters(text: str | None) -> str:
    """Letters and digits in lower case, of any script: names without punctuation and spaces."""
    return "".join(each for each in _plain(text) if unicodedata.category(each)[0] in "LMN")


def _plain(text: str | None) -> str:
    return (text or "").strip().lower()
