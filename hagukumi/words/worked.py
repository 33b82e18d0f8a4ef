"""Words of the list of what worked in plays. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

KINDS = {
    "letter": Words("メール", "letter"),
    "post": Words("郵送", "by post"),
    "call": Words("電話", "call"),
    "visit": Words("訪問", "visit"),
}
REACTIONS = {
    "delivered": Words("到達", "delivered"),
    "clicked": Words("クリック", "clicked"),
    "replied": Words("返信", "replied"),
    "registered": Words("申込", "registered"),
    "attended": Words("参加", "attended"),
    "met": Words("面談", "met"),
}
