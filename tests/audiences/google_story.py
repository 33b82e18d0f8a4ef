"""What test_google.py asks about, in a process of its own: `python -m tests.audiences.google_story DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hagukumi.channels.ads import google
from hagukumi.channels.ads.google import open_google
from hagukumi.programme.audiences import follow
from hagukumi.programme.handed import rows_of as handed
from hagukumi.programme.pushing import push
from hagukumi.settings import GoogleAds
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.schema import audience, audience_push
from tests.audiences.market import Market, asked, one, rules
from tests.audiences.platforms import google_ads
from tests.rows import rows_of


def lived(folder: Path) -> dict[str, Any]:
    """A list made, filled, one refusal, a crash, and a server that refuses."""
    engine = open_engine(f"sqlite:///{folder / 'tables.db'}")
    upgrade(engine)
    google.LOT = 2
    told: dict[str, Any] = {}
    with google_ads(folder) as server:
        file = folder / "google-ads.yaml"
        file.write_text(server.config, "utf-8")
        file.chmod(0o600)
        outlet = open_google(GoogleAds(customer="123-456-7890", config_file="google-ads.yaml"), folder)
        market = Market(engine)
        (place,) = market.facilities(1, postal_code="100-0001")
        ids = market.people(place, 5, phone_direct="03-1234-5678", family_name="髙橋", given_name="花子")
        which = rules(one(kind="people", platform="google", floor=1))

        def act() -> list[int]:
            follow(engine, which, asked())
            (done,) = push(engine, which, asked(), lambda *_: outlet)
            return [done.added, done.removed]

        told["first"] = act()
        (resource,) = server.members
        told["after_first"] = sorted(map(list, server.members[resource]))
        with begin_read(engine) as conn:
            told["expected"] = sorted(map(list, handed(conn, "google", "people", ids).values()))
        market.refuse(ids[0], "ads")
        told["second"] = act()
        told |= {"left": len(server.members[resource]), "consents": list(server.consents), "ran": list(server.ran)}
        with begin_write(engine) as conn:
            conn.execute(audience.update().values(remote=None))
        market.people(place)
        act()
        told["lists_after_crash"] = len(server.names)
        server.refuse = "PERMISSION_DENIED"
        market.people(place)
        try:
            act()
        except NotDone as refused:
            told |= {"refused": refused.code, "refused_words": refused.words.ja + refused.words.en}
        server.refuse = ""
        act()
        told |= {
            "names": [*server.names.values()], "days": [*server.days.values()], "lots": server.lots,
            "bearers": sorted(server.bearers), "states": rows_of(engine, audience_push, "state"),
        }  # fmt: skip
    return told


if __name__ == "__main__":
    print(json.dumps(lived(Path(sys.argv[1])), ensure_ascii=False))
