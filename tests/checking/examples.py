"""For every problem that checking can tell: the change of a sound workspace that raises it.

`python -m tests.checking.examples` writes what is said about each anew; read the change before committing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hagukumi.checking import Checked, check_files
from hagukumi.journeys.language.owner_types import OWNER_TYPES
from hagukumi.journeys.language.show import as_text, counted
from hagukumi.workspace import CHECKOUT
from tests.checking import desk

GOLDEN = Path(__file__).parent / "golden"
SHEET, BODY, SUBJECT = (f"templates/demo/first.{end}" for end in ("yaml", "ja.txt", "ja.subject"))
RULES = "scenarios/rules/"
MAPPING = "scenarios/mappings/people.yaml"
SCENARIO = "scenarios/demo.yaml"

Changed = Mapping[str, str | bytes | None]

PLAY = """\
scenario: spring
title: {ja: 春の五十, en: Fifty in spring}
purpose: 春に同じ週に触れる
owner: 佐藤
for: account
who:
  industry: 病院
steps:
  - send: demo/first
    id: first
    to: decision_maker
    or_else: []
"""


def icp(old: str, new: str) -> dict[str, str | bytes | None]:
    """An icp.yaml with one thing changed; the sound workspace has none."""
    assert old in ICP
    return {RULES + "icp.yaml": ICP.replace(old, new)}


def programme(text: str) -> dict[str, str | bytes | None]:
    """An abm.yaml of these lines; the sound workspace has none."""
    return {RULES + "abm.yaml": text}


def intent(old: str, new: str) -> dict[str, str | bytes | None]:
    """An intent.yaml with one thing changed; the sound workspace has none."""
    assert old in INTENT
    return {RULES + "intent.yaml": INTENT.replace(old, new)}


def audiences(*lines: str, more: str = "") -> dict[str, str | bytes | None]:
    """An audiences.yaml with one audience of these lines; the sound workspace has none."""
    head = "audiences:\n  - name: targets\n    title: {ja: 狙う取引先, en: Target accounts}\n"
    return {RULES + "audiences.yaml": head + "".join(f"    {line}\n" for line in lines) + more}


def priority(old: str, new: str) -> dict[str, str | bytes | None]:
    """A priority.yaml with one thing changed; the sound workspace has none."""
    assert old in PRIORITY
    return {RULES + "priority.yaml": PRIORITY.replace(old, new)}


def roi(old: str, new: str) -> dict[str, str | bytes | None]:
    """A roi.yaml with one thing changed; the sound workspace has none."""
    assert old in ROI
    return {RULES + "roi.yaml": ROI.replace(old, new, 1)}


def paper(text: str, language: str = "ja") -> dict[str, str | bytes | None]:
    """A paper for accounts in one language; the sound workspace has none."""
    return {"templates/papers/sheet.yaml": "title: 資料\n", f"templates/papers/sheet.{language}.html": text}


def swap(file: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """One place of a sound file written otherwise."""
    text = desk.SOUND[file]
    assert old in text, (file, old)
    return {file: text.replace(old, new, 1)}


def body(text: str) -> dict[str, str | bytes | None]:
    """The Japanese body of the first letter, the legal footer below it."""
    return {BODY: text + desk.FOOTERS["ja"]}


def shows(end: str) -> dict[str, str | bytes | None]:
    """The Japanese body with a block of its own about the sender instead of the legal footer."""
    return {BODY: "{{ person.salutation }}\n\n一覧をお送りします。\n{{ link('list') }}\n\n" + end}


def sheet(more: str) -> dict[str, str | bytes | None]:
    """The first letter's sheet with more below it."""
    return {SHEET: desk.SHEET + more}


def example(given: str, when: str, then: str, never: str = "[]") -> dict[str, str | bytes | None]:
    """The scenario with one example."""
    told = f"examples:\n  - {{given: {given}, when: {when}, then: {then}, never: {never}}}\n"
    return {SCENARIO: desk.SCENARIO + told}


OTHER_POINTS = """\
  - id: {id}
    kind: downloaded
    content: [checklist]
    points: 5
    because: {{ja: 資料, en: Material}}
"""
ICP = """criteria:
  - id: size
    label: {ja: 規模, en: size}
    weight: 70
    levels:
      - {when: {beds: 200以上}, share: 100%, because: {ja: 大きい, en: large}}
  - id: kind
    label: {ja: 種別, en: kind}
    weight: 30
    levels:
      - {when: {kind: hospital}, share: 100%, because: {ja: 病院, en: hospital}}
"""
INTENT = """own:
  - {id: views, label: {ja: 閲覧, en: views}, kinds: [visited], weight: 1, cap: 6}
lists:
  - {id: keyword, label: {ja: 検索, en: search}, weight: 2, half_life: 14日, cap: 12}
topics: {overtime: [看護記録, 残業]}
surge: {line: 60, recent: 3}
temperature: {rising: 130}
"""
PRIORITY = """fit: {weight: 60%, full: 100}
intent: {weight: 60%, full: 80}
engagement: {weight: 40%, full: 60}
reaction:
  weight: 40%
  within: 90日
  worth: {met: 100%, replied: 80%, viewed: 55%, none: 40%, refused: 0%}
"""
ROI = """main_theme: overtime
assumptions:
  - {id: each, label: {ja: 1床あたりの職員, en: staff per bed}, value: 0.6, as_of: 2026-04-01}
  - id: price
    label: {ja: 費用, en: cost}
    tiers: [{up_to: 100, value: 10}, {up_to: 200, value: 20}]
    basis: ours
    source: {ja: 料金表, en: price list}
    as_of: 2026-04-01
returns:
  - id: overtime
    title: {ja: 試算, en: return}
    kinds: [hospital]
    themes: [overtime]
    size: beds
    at_most: 200
    lines:
      - {id: staff, label: {ja: 職員, en: staff}, is: beds * each, step: 1}
      - {id: months, label: {ja: 月数, en: months}, is: price / staff, unit: {ja: か月, en: months}}
    result: months
    vary: {assumption: each, values: [0.5]}
    examples: [100]
"""
SURGE = "kind: intent\nsource: weekly-surge\ncolumns: {account: account.name, topic: topic, score: score}\n"
ALL_BUT_ONE = ", ".join(OWNER_TYPES[:-1])
ROLE = desk.ROLES.splitlines()[1]
STRICT = "examples:\n  - {person: {family_name: 山田, email: yamada@aobadai.example}, account: {}}\n"

CHECK: dict[str, Changed] = {
    "check.strange": {"notes.yaml": "牛乳: 2本\n"},
    "check.list": {"people.csv": "メール,姓\nyamada@aobadai.example,山田\n"},
    "check.folder_empty": {"empty/.keep": ""},
    "check.yml": {"scenarios/hospital.yml": desk.SCENARIO},
    "check.rules_unread": {RULES + "point.yaml": desk.POINTS},
}
GIVEN = {"check.strange": "notes.yaml", "check.list": "people.csv", "check.folder_empty": "empty"}
"""What is named on the command line; elsewhere everything is checked."""

SETTINGS: dict[str, Changed] = {
    "settings.blank": swap("hagukumi.yaml", "  postal_address: 〒100-0000 東京都千代田区みほん町1-2-3\n", ""),
    "settings.zone": swap("hagukumi.yaml", "Asia/Tokyo", "Asia/Osaka"),
    "settings.email": swap("hagukumi.yaml", "sato@mihon.example", "sato＠mihon.example"),
    "settings.site": swap("hagukumi.yaml", "base_url: https://mihon.example", "base_url: mihon.example"),
    "settings.notice": swap(
        "hagukumi.yaml", "base_url: https://mihon.example", "base_url: https://mihon.example\ntracking: {links: signed}"
    ),
    "settings.field_taken": swap("hagukumi.yaml", "contract_ends", "beds"),
    "settings.field_values": swap("hagukumi.yaml", "type: date", "type: choice"),
    "settings.field_no_choice": swap("hagukumi.yaml", "type: date", "type: date, values: [春, 秋]"),
    "staff.twice": swap("staff.yaml", "yamamoto", "suzuki"),
    "staff.absent": swap("staff.yaml", "role: fs", "role: fs, absent: {first: 2026-05-08, last: 2026-05-07}"),
}
WEBINARS = """\
webinars:
  - name: overtime-seminar
    title: {ja: 記録のセミナー, en: A seminar on records}
    starts_at: 2026-06-18 14:00
    minutes: 45
    link: https://meet.example/overtime
    theme: overtime
    content: summary
    capacity: 50
"""


def webinars(old: str, new: str) -> dict[str, str | bytes | None]:
    """A webinars.yaml with one thing changed; the sound workspace has none."""
    assert old in WEBINARS
    return {"webinars.yaml": WEBINARS.replace(old, new)}


SETTINGS |= {
    "rules.moment": webinars("2026-06-18 14:00", "6月18日の午後"),
    "webinars.twice": {"webinars.yaml": WEBINARS + WEBINARS.removeprefix("webinars:\n")},
    "webinars.taken": webinars("name: overtime-seminar", "name: checklist"),
    "webinars.theme": webinars("theme: overtime", "theme: overtimes"),
    "webinars.content": webinars("content: summary", "content: sumary"),
    "webinars.minutes": webinars("minutes: 45", "minutes: 0"),
    "webinars.capacity": webinars("capacity: 50", "capacity: 0"),
    "webinars.url": webinars("https://meet", "meet"),
}
REAL = ("settings.blank",)
"""Told in a real workspace only."""

FORMS = """\
forms:
  - name: contact
    title: {ja: お問い合わせ, en: Contact}
    content: summary
    fields:
      mail: email
      name: {to: full_name, required: true}
    purpose: {version: 1, text: {ja: 回答に使います, en: To answer}}
"""
FORM_FILE = RULES + "forms.yaml"
TALKS = """\
talks:
  - {name: first, ask: {ja: お電話しました, en: A call}, letter: demo/frist}
"""

DESK_FILE, TALKS_FILE = RULES + "desk.yaml", RULES + "talks.yaml"
DESK_TEXT = "\n".join(
    line
    for line in (CHECKOUT / DESK_FILE).read_text("utf-8").splitlines()
    if not line.lstrip().startswith("letter:") and not line.startswith("#")
)
"""The desk's rules as they ship, without the letters that the small workspace does not have."""


def at_desk(old: str, new: str) -> dict[str, str | bytes | None]:
    """One place of the desk's rules written otherwise."""
    sound = DESK_TEXT.replace("letter_after: 3", "letter_after: 0")
    assert old in sound, old
    return {DESK_FILE: sound.replace(old, new, 1)}


RULE: dict[str, Changed] = {
    "desk.twice": at_desk("key: '2'", "key: '1'"),
    "desk.missing": at_desk("  - {name: 課題なし, key: n, next: close, takes: [メモ]}\n", ""),
    "desk.clock": at_desk("morning: '10:00'", "morning: 朝"),
    "desk.half": at_desk("afternoon: '14:00'", "afternoon: '11:00'"),
    "desk.tries": at_desk("tries: 5", "tries: 0"),
    "desk.key": at_desk("key: '1'", "key: '10'"),
    "desk.counts_as": at_desk(
        "  - {name: 課題なし,", "  - {name: 再検討中, key: p, next: close}\n  - {name: 課題なし,"
    ),
    "desk.standard": at_desk(
        "  - {name: 課題なし,",
        "  - {name: 再検討中, key: p, counts_as: 時期早尚, next: close}\n  - {name: 課題なし,",
    ),
    "desk.next": at_desk("name: 課題なし, key: n, next: close", "name: 課題なし, key: n, next: redial"),
    "desk.field": at_desk("takes: [製品,", "takes: [商品,"),
    "desk.needs": at_desk("    needs: [決裁者同席]\n", ""),
    "desk.letter": {TALKS_FILE: TALKS},
    "forms.twice": {FORM_FILE: FORMS + FORMS.removeprefix("forms:\n")},
    "forms.field": {FORM_FILE: FORMS.replace("email", "stage")},
    "forms.no_email": {FORM_FILE: FORMS.replace("mail: email", "title: title")},
    "forms.content": {FORM_FILE: FORMS.replace("summary", "sumary")},
    "rules.days": swap(RULES + "defaults.yaml", "12-29..01-04", "年末年始"),
    "rules.letters": swap(RULES + "defaults.yaml", "letters: 2", "letters: 0"),
    "rules.month_days": {
        RULES + "defaults.yaml": desk.DEFAULTS + "recipients: [{department: 医事課, not_on_days: 月初}]\n"
    },
    "rules.ramp": {RULES + "defaults.yaml": desk.DEFAULTS + "warm_up: {starts_on: 2026-12-01, plan: [50, 20]}\n"},
    "rules.length": swap(RULES + "defaults.yaml", "within: 168時間", "within: 5営業日"),
    "points.same_id": swap(RULES + "points.yaml", "id: decider", "id: read"),
    "points.not_an_attribute": swap(RULES + "points.yaml", "role: decision_maker", "score: 30点以上"),
    "points.half_life": swap(RULES + "points.yaml", "21日", "3営業日"),
    "points.cap": swap(RULES + "points.yaml", "cap: 30", "cap: 0"),
    "points.never_reached": swap(RULES + "points.yaml", "lines:", OTHER_POINTS.format(id="again") + "lines:"),
    "points.floor_above_ceiling": {RULES + "points.yaml": desk.POINTS + "floor: 50\nceiling: 10\n"},
    "points.grades": {RULES + "points.yaml": desk.POINTS + "grades: {fit: [25, 15], behaviour: [40, 20, 5]}\n"},
    "points.kind_uncounted": {RULES + "points.yaml": desk.POINTS + "caps: {met: 20}\n"},
    "points.too_large": swap(RULES + "points.yaml", "points: 15", "points: 20000"),
    "points.not_tenths": swap(RULES + "points.yaml", "points: 15", "points: 0.25"),
    "points.rise": swap(RULES + "points.yaml", "rise: 25", "rise: 0"),
    "points.unknown_content": swap(RULES + "points.yaml", "[checklist]", "[cheklist]"),
    "icp.weights": icp("weight: 70", "weight: 60"),
    "icp.weight": icp("weight: 70", "weight: 0"),
    "icp.same_id": icp("id: kind", "id: size"),
    "icp.no_levels": icp("- {when: {kind: hospital}, share: 100%, because: {ja: 病院, en: hospital}}", "[]"),
    "audiences.same_name": audiences(more="  - name: targets\n    title: {ja: もう一つ, en: Another}\n"),
    "audiences.no_companies": audiences("platform: google"),
    "audiences.no_api": audiences("send: api"),
    "audiences.floor": audiences("platform: linkedin", "floor: 50"),
    "audiences.below": audiences("platform: google", "kind: people"),
    "audiences.keep": audiences("keep: 2年"),
    "audiences.tiers_unused": audiences("from: all", "tiers: [1]"),
    "audiences.tier": audiences("tiers: [4]"),
    "audiences.roles_unused": audiences("roles: [influencer]"),
    "audiences.not_of_accounts": audiences("who: {score: 60点以上}"),
    "audiences.range": audiences(more="people: {low: 40%, high: 30%}\n"),
    "audiences.few": audiences(more="few: -1\n"),
    "intent.same_id": intent("id: keyword", "id: views"),
    "intent.weight": intent("weight: 2", "weight: 20"),
    "intent.half_life": intent("14日", "5営業日"),
    "intent.no_kinds": intent("kinds: [visited]", "kinds: []"),
    "intent.line": intent("line: 60", "line: 0"),
    "intent.weeks": intent("recent: 3", "recent: 0"),
    "intent.history": intent("recent: 3", "recent: 20"),
    "intent.theme": intent("overtime:", "overtimes:"),
    "intent.word_twice": intent("残業]", "残業, '']"),
    "intent.percent": intent("rising: 130", "rising: 90"),
    "intent.least": intent("temperature: {rising: 130}", "stage: {at_least: 0}"),
    "intent.within": intent("temperature: {rising: 130}", "stage: {within: 5営業日}"),
    "priority.full": priority("full: 80", "full: 0"),
    "priority.within": priority("90日", "5営業日"),
    "priority.worth": priority(", refused: 0%", ""),
    "priority.margin": priority("reaction:", "margin: 100\nreaction:"),
    "roi.same_id": roi("id: price", "id: each"),
    "roi.value": roi("value: 0.6, ", ""),
    "roi.tiers": roi("up_to: 200", "up_to: 50"),
    "roi.source": roi("    source: {ja: 料金表, en: price list}\n", ""),
    "roi.formula": roi("beds * each", "beds ** each"),
    "roi.unknown_name": roi("beds * each", "beds * eech"),
    "roi.short_tiers": roi("at_most: 200", "at_most: 300"),
    "roi.ideal_kind": {RULES + "roi.yaml": ROI, **icp("kind: hospital", "kind: [hospital, care_home]")},
    "roi.ideal_size": {RULES + "roi.yaml": ROI, **icp("200以上", "150..499")},
    "roi.result": roi("result: months", "result: month"),
    "roi.vary": roi("assumption: each", "assumption: staff"),
    "roi.sizes": roi("examples: [100]", "examples: [400]"),
    "roi.step": roi("step: 1", "step: 0"),
    "roi.kind": roi("kinds: [hospital]", "kinds: [hospitals]"),
    "roi.theme": roi("themes: [overtime]", "themes: [overtimes]"),
    "roi.percent": roi("ja: か月", 'ja: "%"'),
    "intent.ceiling": intent("temperature: {rising: 130}", "ceiling: 0"),
    "icp.owners_left_out": icp("{kind: hospital}", f"{{owner_type: [{ALL_BUT_ONE}]}}"),
    "icp.no_channels": icp("criteria:", "refused_when: [[]]\ncriteria:"),
    "icp.not_of_accounts": icp("{kind: hospital}", "{role: decision_maker}"),
    "abm.size": programme("size: 0\ntiers: [10]\n"),
    "abm.tiers": programme("size: 30\ntiers: [5, 10, 20]\n"),
    "abm.tier": programme("size: 30\ntiers: [0, 10, 20]\n"),
    "abm.proposals": programme("proposals: 40\n"),
    "abm.nominations": programme("nominations: 0\n"),
    "abm.adds": programme("named_adds: 120\n"),
    "abm.days": programme("locked_for: 3営業日\n"),
    "abm.lock": programme("locked_for: 7日\n"),
    "abm.swaps": programme("review: {swaps: 60}\n"),
    "abm.business": programme("review: {remind_after: 2日}\n"),
    "abm.later": programme("review: {remind_after: 5営業日}\n"),
    "abm.quiet": programme("review: {quiet: 0}\n"),
    "abm.hopeless": programme("review: {quiet: 3, hopeless: 2}\n"),
    "abm.margin": programme("review: {margin: 101}\n"),
    "abm.overtaken": programme("review: {margin: 15, overtaken: 14}\n"),
    "abm.unknown_play": programme("review: {plays: [spring, sprng, demo]}\n") | {"scenarios/plays/spring.yaml": PLAY},
    "roles.same_id": {RULES + "roles.yaml": desk.ROLES + ROLE.replace("院長", "看護部長")},
    "roles.no_title": swap(RULES + "roles.yaml", "[院長]", "[]"),
    "roles.unknown_kind": swap(RULES + "roles.yaml", "role:", "kind: [hospitals], role:"),
    "roles.unknown_owner": swap(RULES + "roles.yaml", "role:", f"owner_type: [{ALL_BUT_ONE}, 公団], role:"),
    "roles.owners_left_out": swap(RULES + "roles.yaml", "role:", f"owner_type: [{ALL_BUT_ONE}], role:"),
    "roles.yen": {RULES + "roles.yaml": desk.ROLES + "expected_amount: [{per: beds, yen: 0}]\n"},
    "roles.never_reached": {RULES + "roles.yaml": desk.ROLES + ROLE.replace("director,", "vice,")},
    "machines.sure": {RULES + "machines.yaml": "sure: 100\n"},
    "machines.cidr": {RULES + "machines.yaml": "networks:\n  - {name: a, cidrs: [203.0.113.0/24, 203.0.113.*]}\n"},
    "ng.domain": swap(RULES + "ng.yaml", "gmail.com", "'@gmail.com'"),
    "ng.both": swap(RULES + "ng.yaml", "corp.example", "gmail.com"),
    "ng.role": swap(RULES + "ng.yaml", "decision_maker", "decision-maker"),
    "content.twice": swap(RULES + "content.yaml", "name: comparison", "name: checklist"),
    "content.theme": swap(RULES + "content.yaml", "    theme: overtime", "    theme: overtme"),
    "content.url": swap(RULES + "content.yaml", "https://mihon.example/comparison", "www.mihon.example/comparison"),
    "content.standing": swap(RULES + "content.yaml", "    standing: true\n", ""),
}

MAPPINGS: dict[str, Changed] = {
    "import.field_unknown": swap(MAPPING, "family_name", "surname"),
    "import.field_twice": swap(MAPPING, "source: 展示会", "family_name: 山田"),
    "import.constant_bad": swap(MAPPING, "source: 展示会", "role: 部長"),
    "import.template_bad": {MAPPING: desk.MAPPING + "templates: {title: '{役職'}\n"},
    "import.no_key": swap(MAPPING, "メール: email", "メール: department"),
    "import.date_form": swap(MAPPING, "姓: family_name", "姓: {to: first_contact, date: 年月日}"),
    "import.source": {"scenarios/mappings/surge.yaml": SURGE.replace("weekly-surge", "weekly-surges")},
    "import.no_score": {"scenarios/mappings/surge.yaml": SURGE.replace("score: score", "score: count")},
    "import.zone": {MAPPING: desk.MAPPING + "zone: Asia/Osaka\n"},
}

EXAMPLES: dict[str, Changed] = {
    "example.failed": example("{}", "{}", "{1日目: second}"),
    "example.nothing_happened": example("{}", "{}", "{3日目: hand}") | {
        SCENARIO: desk.SCENARIO.replace("  - end:", "  - if: {score: 60点以上}\n    then:\n"
        "      - handover: inside_sales\n        id: hand\n  - end:")
        + "examples:\n  - {given: {}, when: {}, then: {3日目: hand}}\n"
    },
    "example.other_day": example("{}", "{}", "{7日目: second}"),
    "example.not_sent": example("{}", "{1日目 11:00: refused mail}", "{6日目: second}"),
    "example.never_happened": example("{}", "{}", "{1日目: first}", "[second]"),
    "example.not_entered": example("{role: user}", "{}", "{1日目: first}"),
    "example.not_received": example("{}", "{2日目: clicked second}", "{1日目: first}"),
}  # fmt: skip

FILES: dict[str, Changed] = {
    "template.missing": {SUBJECT: None},
    "template.stray": {"templates/demo/first.executve.ja.txt": desk.SOUND[BODY]},
    "material.language": {"templates/materials/demo-case.ja.txt": "導入の前と後を比べました。\n"},
    "material.unknown": {
        "templates/materials/demo-cases.ja.txt": "導入の前と後を比べました。\n",
        "templates/materials/demo-cases.en.txt": "Before and after.\n",
    },
    "template.empty": {
        **swap(SHEET, "nurture", "notice"),
        **swap(SCENARIO, "    id: first", "    id: first\n    class: notice"),
        BODY: "\n",
    },
    "template.encoding": {BODY: desk.SOUND[BODY].encode("cp932")},
    "template.too_large": {BODY: "あ" * 30_000},
    "template.too_deep": body("{% if 1 %}" * 60 + "{% endif %}" * 60),
    "template.syntax": body("{{ person.salutation }\n"),
    "template.endless": body("{% for n in range(1000000000) %}x{% endfor %}\n"),
    "template.forbidden": body("{{ person.salutation }}\n{{ ''.__class__.__mro__ }}\n"),
    "template.undefined": body("{{ person.salutaton }}\n"),
    "template.unknown_filter": body("{{ today|ja_dat }}\n"),
    "template.unknown_test": body("{% if person.title is definde %}役職{% endif %}\n"),
    "template.unknown_paper": body("{{ paper('sheets') }}\n") | paper("<p>資料</p>\n") | paper("<p>paper</p>\n", "en"),
    "paper.language": paper("<p>資料</p>\n"),
    "template.unknown_link": body("{{ link('lst') }}\n"),
    "template.no_fallback": body("{{ account.name }}様\n"),
    "template.no_webinar": body("{{ webinar.title }}\n"),
    "template.unknown_webinar": {**webinars("overtime-seminar", "records"), **sheet("webinar: record\n")},
}

WHO = "{{ sender.company }} {{ sender.name }}"
STOP = "{{ refuse_url }}"
WHERE = "{{ sender.postal_address }}"
ASK = "{{ sender.complaints }}"
FOOT = "{% include '_layout/footer.ja.txt' %}\n"

PROOFS: dict[str, Changed] = {
    "template.missing_attribute": {**body("{{ person.department }}の皆様\n"), **sheet(STRICT)},
    "template.cannot_calculate": body("{{ 300 / (account.beds - account.beds) }}\n") | sheet(
        "fallbacks:\n  account.beds: {ja: 0, en: 0}\n"
    ),
    "template.control_character": body("{{ person.salutation }}\n\ufdd0\u9fff\n"),
    "template.no_surname": sheet("examples:\n  - {person: {family_name: '', email: yamada@aobadai.example}}\n"),
    "template.no_address": sheet("examples:\n  - {person: {family_name: 山田, email: ''}}\n"),
    "template.sheet_empty": {SHEET: "# あとで書く\n"},
    "template.sheet_no_title": swap(SHEET, "title: {ja: はじめのご案内, en: First letter}\n", ""),
    "template.sheet_not_mapping": {SHEET: "- title\n"},
    "template.sheet_not_list": sheet("examples: なし\n"),
    "template.sheet_not_text": swap(SHEET, "theme: overtime", "theme: [overtime]"),
    "template.sheet_twice": sheet("theme: overtime\n"),
    "template.sheet_unknown": sheet("subject: ご案内\n"),
    "template.sheet_value": swap(SHEET, "class: nurture", "class: nurturing"),
    "template.bad_link": swap(SHEET, '"https://mihon.example/checklist"', '"mihon.example/checklist"'),
    "template.no_content": swap(SHEET, "content: checklist", "content: cheklist"),
    "template.other_url": swap(SHEET, "https://mihon.example/checklist", "https://mihon.example/list"),
    "template.theme": swap(SHEET, "theme: overtime", "theme: overtme"),
    "template.no_refusal": shows(f"{WHO}\n{WHERE}\n{ASK}\n"),
    "template.no_sender": shows(f"{{{{ sender.name }}}}\n{STOP}\n{WHERE}\n{ASK}\n"),
    "template.no_sender_name": shows(f"{{{{ sender.company }}}}\n{STOP}\n{WHERE}\n{ASK}\n"),
    "template.no_postal_address": shows(f"{WHO}\n{STOP}\n{ASK}\n"),
    "template.no_complaints": shows(f"{WHO}\n{STOP}\n{WHERE}\n"),
    "template.refusal_apart": shows(f"{WHO}\n{WHERE}\n{ASK}\n・\n・\n{STOP}\n"),
    "template.maybe_hidden": shows("{% if account.beds is defined %}\n" + FOOT + "{% endif %}\n"),
    "template.no_contact": {
        **swap(SHEET, "nurture", "notice"),
        **swap(SCENARIO, "    id: first", "    id: first\n    class: notice"),
        **shows("{{ sender.company }}です。\n"),
    },
    "template.unsigned": {
        **swap(SHEET, "nurture", "notice"),
        **swap(SCENARIO, "    id: first", "    id: first\n    class: notice"),
        **shows("{{ sender.email }}\n"),
    },
    "template.subject_empty": {SUBJECT: "\n"},
    "template.subject_lines": {SUBJECT: "記録の時間を\n測る一覧です\n"},
    "template.subject_long": {SUBJECT: "記録にかかる時間を一週間だけ測って残業の多い場面を見つけるための一覧です\n"},
    "template.subject_fake_reply": {SUBJECT: "Re: 記録の時間を測る一覧\n"},
    "template.subject_shouts": {SUBJECT: "【重要】記録の時間を測る一覧\n"},
    "template.line_long": body("{{ person.salutation }}\n" + "記録の時間を一週間だけ測ってみませんか。" * 3 + "\n"),
    "template.double_honorific": body("{{ person.family_name }}院長様\n"),
    "template.onchu_with_sama": body("みほん会 御中\n{{ person.salutation }}\n"),
}  # fmt: skip

ALL: dict[str, Changed] = {**CHECK, **SETTINGS, **RULE, **MAPPINGS, **EXAMPLES, **FILES, **PROOFS}

WITHOUT = {
    "example.stuck": "only a fault of a step kind's own raises it",
    "rules.hours": "told as value.clock_reversed while the file is read",
    "import.kind": "told when --map and the command disagree",
    "import.week_dated": "told when --week is given for a list that has dates",
    "template.unreadable": "needs a disk that refuses to read",
    "template.sheet_syntax": "slips of YAML are told by their own codes; this is what is left",
    "template.template_missing": "told as template.missing before anything is printed",
    "template.template_broken": "only the layout that ships can be broken without a problem of its own",
}
"""Codes of the same catalogues without an example here, and why."""


@cache
def checked(code: str) -> Checked:
    """The example of a code, checked."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = desk.workspace(folder, ALL[code], "real" if code in REAL else "virtual")
        return check_files(made, [folder / GIVEN[code]] if code in GIVEN else [])


def said(found: Checked, lang: str) -> str:
    """What is said about it."""
    return as_text(found.problems, found.sources, lang) + counted(found.problems, lang) + "\n"


def write() -> None:
    """Writes every text anew."""
    for code in ALL:
        found = checked(code)
        for lang in ("ja", "en"):
            (GOLDEN / f"{code}.{lang}.txt").write_text(said(found, lang), "utf-8")


if __name__ == "__main__":
    write()
