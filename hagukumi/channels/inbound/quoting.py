"""What somebody wrote themselves: without the letter they answer and without their signature. Pure. Start with `own`.

Every pattern looks at one line, so a mail of any shape takes time in proportion to its length.
"""

from __future__ import annotations

import re
import unicodedata

LINES = 2_000
_QUOTE = re.compile(r"\s{0,8}[>＞|｜]")
_CUT = re.compile(
    r"[-—_=*\s]{2,40}(original message|original appointment|forwarded message|forwarded by|reply message"
    r"|元のメッセージ|元のメール|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|転送|返信元|以下、?引用|引用元)",
    re.IGNORECASE,
)
_BEGIN_FORWARD = re.compile(r"\s*(begin forwarded message|転送されたメッセージ)\s*[::]?\s*$", re.IGNORECASE)
_WROTE = re.compile(
    r"\s*(on\b.{4,300}|le\b.{4,300}|.{0,300}<[^<>\s]{3,200}@[^<>\s]{3,200}>.{0,40}|.{0,200})"
    r"(wrote|writes|said|さんは書きました|は書きました|が書きました|さんのメール|のメール|のメッセージ|さんからのメール)\s*[::]\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\s*\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}日?.{0,200}"
    r"(<[^<>\s]{3,200}@[^<>\s]{3,200}>.{0,20}|のメール|書きました|wrote)\s?[::]?\s*$"
)
_NAMED = re.compile(r".{0,200}<[^<>\s]{3,200}@[^<>\s]{3,200}>\s{0,8}\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-].{0,40}$")
_FIELD = re.compile(
    r"[\s*>]{0,6}(from|sent|date|to|cc|subject|差出人|送信者|送信元|送信日時|送信日|日時|日付|宛先|あて先|件名|送付先)\s{0,4}\*?\s?[::]",
    re.IGNORECASE,
)
_FIRST_FIELD = re.compile(r"[\s*]{0,6}(from|差出人|送信者|送信元)\s{0,4}\*?\s?[::]", re.IGNORECASE)
_RULE = re.compile(r"\s*(--|[-=_*~━─＿＝＊◇◆■□●○☆★・┏┗\s]{5,})\s*$")
_DASHES = re.compile(r"-- ?$")
_CONTACT = re.compile(
    r"tel|fax|phone|mobile|〒|@|https?://|株式会社|有限会社|法人|病院|クリニック|医院|ltd|inc\b|電話", re.IGNORECASE
)
_SIGNATURE_LINES = 25
_SENT_FROM = re.compile(
    r"\s*(sent from my |get outlook for |iphoneから送信|ipadから送信|.{0,20}から送信$)", re.IGNORECASE
)


def own(text: str) -> str:
    """The words of the mail's writer, line by line; '' when they only passed something on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:LINES]
    lines = [line[:2_000] for line in lines]
    kept = lines[: _end(lines)]
    kept = [line for line in kept if not _QUOTE.match(line) and not _SENT_FROM.match(line)]
    return "\n".join(_unsigned(kept)).strip()


def _end(lines: list[str]) -> int:
    """The number of the line at which the answered letter begins."""
    for number, line in enumerate(lines):
        flat = unicodedata.normalize("NFKC", line)
        if _CUT.match(flat) or _BEGIN_FORWARD.match(flat):
            return number
        if _FIRST_FIELD.match(flat) and sum(map(_is_field, lines[number + 1 : number + 6])) >= 2:
            return number
        if _introduces(flat):
            return number
        joined = " ".join(unicodedata.normalize("NFKC", each) for each in lines[number : number + 2])
        if _starts(flat) and _introduces(joined) and not _QUOTE.match(lines[number]):
            return number
    return len(lines)


def _is_field(line: str) -> bool:
    return _FIELD.match(unicodedata.normalize("NFKC", line)) is not None


def _introduces(line: str) -> bool:
    return len(line) < 400 and any(form.match(line) is not None for form in (_WROTE, _DATED, _NAMED))


def _starts(line: str) -> bool:
    return re.match(r"\s*(on\s|\d{4}\s?[年/.-])", line, re.IGNORECASE) is not None


def _unsigned(lines: list[str]) -> list[str]:
    said = False
    for number, line in enumerate(lines):
        if _DASHES.fullmatch(line) and said:
            return lines[:number]
        if said and _RULE.match(line):
            rest = lines[number + 1 :]
            if len(rest) <= _SIGNATURE_LINES and sum(1 for each in rest if _CONTACT.search(each)) >= 2:
                return lines[:number]
        said = said or bool(line.strip())
    return lines
