"""The Japanese and short names of the values a file may hold. One table for binder and reference; pure data."""

from __future__ import annotations

SYNONYMS: dict[str, tuple[str, ...]] = {
    "decision_maker": ("決裁者", "意思決定者"),
    "influencer": ("影響者", "インフルエンサー"),
    "user": ("利用者", "現場"),
    "purchaser": ("購買", "購買担当", "用度課"),
    "veto": ("拒否権者",),
    "champion": ("推進者", "支持者"),
    "opponent": ("反対者",),
    "gatekeeper": ("取次", "窓口"),
    "dealer": ("代理店",),
    "hospital": ("病院",),
    "clinic": ("診療所", "クリニック"),
    "care_home": ("介護施設",),
    "company": ("企業", "会社"),
    "other": ("その他",),
    "inside_sales": ("インサイドセールス", "IS"),
    "field_sales": ("フィールドセールス", "FS", "営業"),
    "marketing": ("マーケティング", "マーケ"),
    "nurture": ("育成", "ナーチャリング"),
    "play": ("プレイ",),
    "personal": ("個別",),
    "notice": ("連絡", "お知らせ"),
    "apology": ("お詫び",),
    "opened": ("開封",),
    "clicked": ("クリック",),
    "downloaded": ("ダウンロード",),
    "replied": ("返信",),
    "goal": ("ゴール",),
    "person": ("個人", "人"),
    "account": ("企業単位", "取引先", "施設"),
    "rising": ("上昇", "急上昇"),
    "steady": ("横ばい",),
    "cooling": ("低下",),
    "quiet": ("静か", "反応なし"),
    "competitor": ("競合",),
    "customer": ("既存顧客",),
    "in_deal": ("商談中",),
    "refused": ("お断り", "出入禁止"),
    "ja": ("日本語", "japanese"),
    "en": ("英語", "english"),
    "text": ("文字",),
    "number": ("数値",),
    "bool": ("はい・いいえ",),
    "choice": ("選択",),
    "date": ("日付",),
}
"""Canonical value -> what else it may be called."""

STAGE_NAMES: dict[str, tuple[str, ...]] = {
    "lead": ("リード", "見込み客", "見込客"),
    "mql": (),
    "sql": (),
    "opportunity": ("商談", "案件"),
    "won": ("受注", "成約"),
    "ng": ("対象外",),
}
STAGE_WORDS: dict[str, str] = {
    word.casefold(): stage for stage, others in STAGE_NAMES.items() for word in (stage, *others)
}
"""Any name of a stage, in small letters -> the stage."""

YES = frozenset({"true", "yes", "on", "はい", "有", "あり", "する", "1"})
NO = frozenset({"false", "no", "off", "いいえ", "無", "なし", "しない", "0"})

ANY = frozenset({"any", "すべて", "全て", "何でも", "なんでも", "どれか"})
"""What means "whichever"."""

ONCE = frozenset({"once", "一度だけ", "一度", "1回だけ", "1度だけ", "一回だけ", "1回"})


def canonical(word: str, allowed: tuple[str, ...]) -> str | None:
    """The allowed value that `word` names, whatever its case; None when it names none."""
    folded = word.casefold()
    for value in allowed:
        if value.casefold() == folded or any(other.casefold() == folded for other in SYNONYMS.get(value, ())):
            return value
    return None
