"""django-drip-campaigns at the same work, in its own environment: `python -m benches.peers.drip N` prints JSON.

A first letter went out four days ago. Three days are to be waited; then the score decides between two letters.
"""

import json
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

CHUNK = 1_000
LETTER = """<html><body><p>{{ user.standing.company }}</p><p>Dear {{ user.first_name }} {{ user.last_name }},</p>
<p>A hospital of 200 beds has changed the way its nurses keep records. We have put the figures together for you and for
{{ user.standing.company }}: whom it concerned, what was saved, what it cost and when it had paid for itself.</p>
{% if user.standing.score >= 50 %}<p>May we show you the calculation in ten minutes? Two dates are kept free.</p>
{% else %}<p>A checklist of three points goes with it; five minutes are enough.</p>{% endif %}
<ul><li>120 nurses, wards only</li><li>15 minutes a day and person</li><li>600 hours a month</li></ul>
<p><a href="https://hagukumi.example/case?u={{ user.id }}">Read the case</a></p>
<p>Hagukumi Inc., 1-1 Nowhere, Tokyo. <a href="https://hagukumi.example/refuse?u={{ user.id }}">No more mail</a></p>
</body></html>"""
RULES = (("waited-hot", "gte"), ("waited-cold", "lt"))


def main() -> None:
    """Sets up, fills, sends once and once more with nothing to do."""
    people = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder) / "drip.db")
        _fill(people)
        print(json.dumps(_send(people)))


def _set_up(file: Path) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sites", "drip"]
        + ["benches.peers.crm"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_FROM_EMAIL="sato@hagukumi.example",
        EMAIL_BACKEND="benches.peers.crm.sink.EmailBackend",
        ROOT_URLCONF="drip.urls",
        SITE_ID=1,
    )  # fmt: skip
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def _fill(people: int) -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone
    from drip.models import Drip, QuerySetRule, SentDrip

    from benches.peers.crm.models import Standing

    first = Drip.objects.create(name="first", enabled=False, subject_template="-", body_html_template="-")
    for start in range(0, people, CHUNK):
        numbers = range(start, min(people, start + CHUNK))
        users = User.objects.bulk_create(
            [
                User(username=f"u{n}", email=f"u{n}@aobadai.example", first_name="Hana", last_name=f"A{n}")
                for n in numbers
            ]
        )
        Standing.objects.bulk_create(
            [
                Standing(user=user, company=f"Aobadai {n}", score=n * 37 % 100)
                for n, user in zip(numbers, users, strict=True)
            ]
        )
        SentDrip.objects.bulk_create([SentDrip(drip=first, user=user, subject="-", body="-") for user in users])
    SentDrip.objects.update(date=timezone.now() - timedelta(days=4))
    for name, comparison in RULES:
        drip = Drip.objects.create(
            name=name, enabled=True, subject_template="{{ user.standing.company }}: a case", body_html_template=LETTER
        )
        for field, lookup, value in (
            ("sent_drips__drip__name", "exact", "first"),
            ("sent_drips__date", "lte", "now-3 days"),
            ("standing__score", comparison, "50"),
        ):
            QuerySetRule.objects.create(drip=drip, field_name=field, lookup_type=lookup, field_value=value)


def _send(people: int) -> dict[str, Any]:
    import django
    from django.core.management import call_command
    from drip.models import SentDrip

    wall, cpu = time.perf_counter(), time.process_time()
    call_command("send_drips")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert SentDrip.objects.exclude(drip__name="first").count() == people
    idle = time.perf_counter()
    call_command("send_drips")
    idle = time.perf_counter() - idle
    return {
        "done": people,
        "wall": wall,
        "cpu": cpu,
        "idle_ms": idle * 1000,
        "platform": f"Django {django.__version__}",
    }


if __name__ == "__main__":
    main()
