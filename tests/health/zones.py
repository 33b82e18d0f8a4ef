"""Zones of fictitious domains, good and bad, and a resolver over them."""

import base64
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hagukumi.health.resolver import Ask, CouldNotAsk

Zone = Mapping[tuple[str, str], tuple[str, ...]]


def key(bits: int = 2048) -> str:
    """A public key as DKIM publishes it."""
    public = generate_private_key(65537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


KEY = key()
GOOD: Zone = {
    ("aoba.example", "MX"): ("mx.aoba.example",),
    ("em12.aoba.example", "TXT"): ("v=spf1 ip4:192.0.2.1 include:sendgrid.net -all",),
    ("sendgrid.net", "TXT"): ("v=spf1 ip4:198.51.100.0/24 ~all",),
    ("s1._domainkey.aoba.example", "TXT"): (f"k=rsa; t=s; p={KEY}",),
    ("s2._domainkey.aoba.example", "TXT"): (f"v=DKIM1; k=rsa; p={KEY}",),
    ("_dmarc.aoba.example", "TXT"): ("v=DMARC1; p=quarantine; rua=mailto:dmarc@aoba.example",),
}


def over(*zones: Zone, without: tuple[tuple[str, str], ...] = ()) -> Ask:
    """A resolver that knows these records and no others."""
    known = {name: records for zone in zones for name, records in zone.items() if name not in without}
    return lambda name, kind: known.get((name, kind), ())


def silent(name: str, kind: str) -> tuple[str, ...]:
    """Nobody answers."""
    raise CouldNotAsk("LifetimeTimeout")
