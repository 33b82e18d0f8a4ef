"""scenarios/rules/machines.yaml as values: what tells clicks of machines from those of people. Pure; imports the core.

Start with `MachineRules`. Points are log-odds: they are added, and the sum says how sure it is that no person clicked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hagukumi.journeys.core.fields import entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Networks from which a service scans mail. `mixed`: its customers also read through them."""

    name: str = entry("検査サービスの名前", "the scanning service")
    cidrs: tuple[str, ...] = entry("ネットワーク(203.0.113.0/24 の形)", "networks, like 203.0.113.0/24")
    mixed: bool = entry("人の閲覧も通る(弱い手がかりとして扱う)", "people read through it too: weak evidence", False)
    source: str = entry("公開元", "where it was published", "")
    as_of: date | None = entry("確かめた日", "the day it was looked up", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """Names that programs give themselves. Words are found anywhere; `^` ties them to the beginning, `$` to the end."""

    machines: tuple[str, ...] = entry("機械の名前", "names of machines", ())
    people: tuple[str, ...] = entry(
        "人が開いたときに画像を取りに来るもの(機械とみなさない)", "proxies that fetch when a person opens", ()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """How much each piece of evidence weighs, in log-odds; below zero it speaks for a person."""

    before: float = entry("手がかりが何もないとき", "before any evidence", -3.0)
    trap: float = entry("人には見えないリンクを開いた", "followed a link that no person sees", 12.0)
    with_trap: float = entry("見えないリンクと続けて開いた", "in one visit with such a link", 9.0)
    machine_open: float = entry("配信会社が機械の開封と通知", "the provider says a machine opened it", 9.0)
    known_agent: float = entry("既知の検査・巡回プログラム", "a known scanner or crawler", 10.0)
    known_network: float = entry("検査サービスのネットワーク", "a network that scans mail", 8.0)
    mixed_network: float = entry("検査サービスと人が共に使うネットワーク", "a network of scanners and people", 2.0)
    at_once: float = entry("送信の直後", "within seconds of departure", 8.0)
    burst: float = entry("見えるリンクすべてを数秒で", "every visible link within seconds", 2.5)
    every_link: float = entry("見えるリンクすべてを続けて", "every visible link, one after the other", 1.0)
    night: float = entry("夜間", "at night", 1.0)
    again: float = entry("同じメールを機械が開いた後の再検査", "a machine had looked at the letter before", 1.5)
    followed: float = entry(
        "続けてフォーム・資料・閲覧・返信・電話があった", "a form, page, reply or call followed", -5.0
    )
    network_trap: float = entry(
        "同じネットワークが見えないリンクを開いたメール(送信直後を除き、2通から、1通ごと)",
        "for each letter in which the network followed such a link, not at once, from the second on",
        3.0,
    )
    network_silent: float = entry(
        "同じネットワークのクリックに何も続かなかった(1件ごと)",
        "for each visit of the network that nothing followed",
        0.2,
    )
    network_followed: float = entry(
        "同じネットワークのクリックに行動が続いた(1件ごと)", "for each visit of the network that was followed up", -2.5
    )
    network_most: float = entry("ネットワークの評判の上限", "most that a network's record counts", 7.0)
    network_least: float = entry("ネットワークの評判の下限", "least that a network's record counts", -4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRules:
    """scenarios/rules/machines.yaml."""

    sure: int = entry("この確からしさ(%)から機械とみなす", "from so many per cent on it is taken for a machine", 90)
    at_once_seconds: int = entry("「送信の直後」とみなす秒数", "seconds after departure that are at once", 10)
    burst_seconds: int = entry("「数秒で」とみなす秒数", "seconds within which links are a burst", 10)
    visit_minutes: int = entry("これより間があけば別の訪問(分)", "minutes apart that make another visit", 3)
    night_from: int = entry("夜間の始まり(時)", "hour at which night begins", 22)
    night_until: int = entry("夜間の終わり(時)", "hour at which night ends", 5)
    facilities: int = entry("何も続かないことを数え始める施設の数", "facilities before silence counts", 3)
    points: Points = entry("手がかりの重み(対数オッズ)", "weight of evidence (log-odds)", Points())
    agents: Agents = entry("プログラムの名前", "names of programs", Agents())
    networks: tuple[Network, ...] = entry("検査サービスのネットワーク", "networks known to scan", ())
