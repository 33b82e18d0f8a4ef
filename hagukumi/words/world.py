"""What the example's market is made of, as people read it. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

PERSONAS: dict[str, Words] = {
    "buyer": Words("関心の芽がある方", "with a seed of interest"),
    "bystander": Words("関心のない方", "bystanders"),
    "customer": Words("既存のお客様", "existing customers"),
    "competitor": Words("同業他社", "competitors"),
    "student": Words("学生", "students"),
    "shared": Words("共用アドレス", "shared mailboxes"),
}
TRAPS: dict[str, Words] = {
    "duplicate": Words("同じ方の別の行(書き方・アドレス違い)", "the same human again, spelt otherwise"),
    "moved": Words("転職後の行", "rows after a change of job"),
    "gone": Words("転職前の古い行(アドレスは無効)", "old rows of movers, their address dead"),
    "leaving": Words("これから辞める方", "people who will leave"),
    "away": Words("不在の自動返信を使う方", "people with automatic replies"),
    "fast": Words("数秒で押す方(機械ではない)", "fast human readers"),
    "shared": Words("共用アドレス", "shared mailboxes"),
    "shared_again": Words("共用アドレスの2人目(取り込めない)", "a mailbox used again (rejected)"),
    "twice": Words("同じアドレスの行が2度(取り込めない)", "the same address twice (rejected)"),
    "bad_address": Words("誤ったアドレス(取り込めない)", "wrong addresses (rejected)"),
    "no_name": Words("氏名なし(取り込めない)", "names missing (rejected)"),
    "bad_date": Words("誤った日付(取り込めない)", "wrong dates (rejected)"),
    "old_form": Words("旧字の姓(髙・﨑など)", "names in old characters"),
    "english": Words("英語の方", "people who want English"),
    "private_mail": Words("個人用アドレス", "private addresses"),
    "private_unlisted": Words("NGの決まりにない個人用アドレス", "private addresses the NG rules do not list"),
    "name_full": Words("施設名: 法人名つき", "company name with its entity"),
    "name_short_form": Words("施設名: (医)・㈱など", "company name with a short legal form"),
    "name_spaced": Words("施設名: 空白入り", "company name with spaces"),
    "name_wide": Words("施設名: 文字幅・ヶとケの違い", "company name in another width"),
    "name_abbreviated": Words("施設名: 略称", "company name abbreviated"),
    "same_name": Words("別の県に同名の施設", "facilities of one name in two prefectures"),
    "many_sites": Words("同じ法人の2つ目以降の施設", "further facilities of one entity"),
    "unrecorded": Words("商談一覧にないお客様の施設", "customers whose deal nobody recorded"),
    "unlisted": Words("NGの決まりにない同業他社", "competitors the NG rules do not list"),
    "lazy_caller": Words("電話をあまりかけない担当者", "callers who seldom dial"),
    "ng_missed": Words("NGの決まりが見逃す方", "people the NG rules let through"),
}
GATEWAYS: dict[str, Words] = {
    "none": Words("なし", "none"),
    "declared": Words("名乗るもの", "says what it is"),
    "burst": Words("一度に多数クリック", "clicks in a burst"),
    "all_links": Words("全リンクをクリック", "clicks all links"),
    "late_single": Words("遅れて1つだけクリック", "one link, late"),
    "opens_only": Words("開封だけ", "only opens"),
}
