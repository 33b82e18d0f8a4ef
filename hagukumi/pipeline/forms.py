"""scenarios/rules/forms.yaml as values: forms of our site, where their fields go, and what is shown with them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NewType

from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.steps.base import PieceName

InputName = NewType("InputName", str)
"""The name of an input of the form, as the page has it."""
FieldName = NewType("FieldName", str)
"""A field such as email, account.name or custom.NAME, as in mappings."""

GROUPS = ("person", "account", "person_custom", "account_custom")
"""What a form may tell of."""
NOT_BY_FORM = ("key", "stage", "role", "tags", "acquainted", "left_company", "first_contact", "source")
"""What a stranger must not say about a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a form."""

    to: FieldName = entry("入れる項目", "the field it goes to")
    required: bool = entry("空欄では受け付けない", "the form is refused without it", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What the page shows about the use of the data. A change of the words needs a new version."""

    version: str = entry("版(同意とともに記録)", "its version, kept with the consent")
    text: Words = entry("利用目的として示す文", "the words shown about what the data are used for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The box to tick for letters. Without the tick nobody gets advertising for filling in the form."""

    field: InputName = entry("同意欄の名前", "the name of the box")
    text: Words = entry("同意欄の文", "the words beside it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of the site."""

    name: str = entry("フォームの名前(送信先 /v1/forms/名前)", "its name: it posts to /v1/forms/NAME")
    title: Words = entry("題名", "its title")
    content: PieceName = entry("コンテンツの名前", "the content it belongs to")
    activity: Literal["submitted", "downloaded", "registered"] = entry(
        "送信で記録する反応", "what sending it counts as", "submitted"
    )
    fields: Mapping[InputName, FieldName | Input] = entry("入力欄と項目の対応", "input -> field")
    constants: Mapping[FieldName, str] = entry("送った方に入れる値", "the same value for all", NOTHING)
    purpose: Purpose = entry("利用目的の表示", "what is shown about the use of the data")
    agreement: Agreement | None = entry("メールを受け取る同意欄", "the box to tick for letters", None)
    thanks: str = entry("送信後に開くページ", "page to open afterwards", "")
    trap: InputName = entry("機械よけの隠し欄", "a hidden input that only machines fill", InputName("hk_website"))

    def inputs(self) -> dict[str, Input]:
        """All inputs with where they go."""
        return {str(n): f if isinstance(f, Input) else Input(to=f) for n, f in self.fields.items()}

    def wording_hash(self, language: str) -> str:
        """The hash of all words shown in `language` (ja or en), kept as evidence of what was agreed to."""
        shown = [self.purpose.version, self.purpose.text.say(language)]
        if self.agreement is not None:
            shown.append(self.agreement.text.say(language))
        return hashlib.blake2b("\x1f".join(shown).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRules:
    """All of forms.yaml."""

    forms: tuple[Form, ...] = entry("フォーム", "the forms")
