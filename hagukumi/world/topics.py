"""What people of the example's market type into search boxes, and what services call it. Pure data.

Themes stand in the order of truth.THEMES; within a theme from first questions to buying.
"""

from __future__ import annotations

from typing import NamedTuple


class Searches(NamedTuple):
    """Keywords of a theme: of those who begin to wonder, who look for ways, who compare."""

    wondering: tuple[str, ...]
    looking: tuple[str, ...]
    comparing: tuple[str, ...]

    def at(self, stage: int) -> tuple[str, ...]:
        """Those of a stage of truth.STAGES."""
        return self.comparing if stage >= 3 else self.looking if stage == 2 else self.wondering


SEARCHES = (
    Searches(
        ("看護記録 残業", "申し送り 短縮", "看護師 残業 減らす", "様式9 集計"),
        ("看護記録 効率化 事例", "電子カルテ 看護記録 進め方", "看護記録　残業 導入効果"),
        ("看護記録システム 比較", "看護記録 システム 料金", "電子カルテ 乗り換え 費用"),
    ),
    Searches(
        ("請求漏れ 原因", "返戻 減らす", "レセプト 査定 多い"),
        ("レセプト 点検 方法", "請求漏れ 対策 事例", "施設基準 管理 進め方"),
        ("レセプト 点検 システム 比較", "査定 対策 ソフト 価格", "請求漏れ　チェック 見積"),
    ),
    Searches(
        ("医療機器 老朽化", "サーバー 更新時期", "設備 老朽化 病院"),
        ("機器更新 進め方", "システム更新 事例", "医療情報システム 入れ替え 方法"),
        ("システム更新 見積", "機器更新 費用 比較", "医療情報システム 入れ替え 評判"),
    ),
)
NOT_OURS = ("看護師 採用", "クラウド勤怠", "医療DX 補助金", "オンライン診療", "給食 委託", "防犯カメラ 病院")
"""Searched for all the same, and about none of our themes."""
CATEGORIES = ("看護記録", "レセプト点検", "システム更新")
"""What surge lists and review sites call the themes."""
OTHER_CATEGORY = "病院経営"
TENDERS = ("入札公告 看護記録システム", "入札公告 レセプト点検システム", "入札公告 医療情報システム更新")
NEWS = ("人事 新院長就任", "人事 事務長の異動", "新棟建設の着工", "病床機能報告の変更", "施設基準届出")
"""Public events that say nothing about buying from us."""
