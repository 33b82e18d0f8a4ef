"""Words that invented organisations are called by: as written, their reading, in Latin letters."""

from __future__ import annotations

Word = tuple[str, str, str]


def _words(text: str) -> tuple[Word, ...]:
    return tuple((written, kana, latin) for written, kana, latin in (each.split("/") for each in text.split()))


STEMS = _words(
    "青葉/アオバ/Aoba 若葉/ワカバ/Wakaba 瑪瑙/メノウ/Menou 琥珀/コハク/Kohaku 霧笛/ムテキ/Muteki "
    "草笛/クサブエ/Kusabue 朧月/オボロヅキ/Oborozuki 糸雨/イトサメ/Itosame 落穂/オチボ/Ochibo "
    "空蝉/ウツセミ/Utsusemi 髙嶺/タカミネ/Takamine 濱風/ハマカゼ/Hamakaze 櫻坂/サクラザカ/Sakurazaka "
    "澤渡/サワタリ/Sawatari 緑ヶ丘/ミドリガオカ/Midorigaoka 霞ヶ浜/カスミガハマ/Kasumigahama "
    "井ノ原/イノハラ/Inohara 昭和/ショウワ/Showa 正和/ショウワ/Seiwa 大洋/タイヨウ/Taiyo 太陽/タイヨウ/Taiyo "
    "光/ヒカリ/Hikari みずほ/ミズホ/Mizuho ミズホ/ミズホ/Mizuho ひまわり/ヒマワリ/Himawari "
    "第一青葉/ダイイチアオバ/Daiichi-Aoba 第二青葉/ダイニアオバ/Daini-Aoba サンライト/サンライト/Sunlight "
    "スカイ・ブルー/スカイブルー/Sky-Blue ヴィーナス/ヴィーナス/Venus グリーン/グリーン/Green "
    "ベルーガ/ベルーガ/Beluga 蛍火/ホタルビ/Hotarubi 翡翠/ヒスイ/Hisui 雨音/アマオト/Amaoto "
    "風花/カザハナ/Kazahana 綿雲/ワタグモ/Watagumo 花筏/ハナイカダ/Hanaikada 玉響/タマユラ/Tamayura "
    "夕凪/ユウナギ/Yunagi 木霊/コダマ/Kodama 雪洞/ボンボリ/Bonbori"
)
FIRST = _words(
    "葵/アオイ/aoi 茜/アカネ/akane 藍/アイ/ai 梓/アズサ/azusa 楓/カエデ/kaede 桐/キリ/kiri 椿/ツバキ/tsubaki "
    "萩/ハギ/hagi 橘/タチバナ/tachibana 鶴/ツル/tsuru 鷹/タカ/taka 隼/ハヤブサ/hayabusa 鴨/カモ/kamo "
    "雁/カリ/kari 霞/カスミ/kasumi 霧/キリ/kiri 雫/シズク/shizuku 露/ツユ/tsuyu 潮/シオ/shio 渚/ナギサ/nagisa "
    "巌/イワオ/iwao 杜/モリ/mori 椋/ムク/muku 榎/エノキ/enoki 楢/ナラ/nara 柊/ヒイラギ/hiiragi 樫/カシ/kashi "
    "柾/マサキ/masaki 菫/スミレ/sumire 蓬/ヨモギ/yomogi 蕗/フキ/fuki 蓮/ハス/hasu"
)
SECOND = _words(
    "野/ノ/no 谷/ヤ/ya 澤/サワ/sawa 川/カワ/kawa 河/カワ/kawa 濱/ハマ/hama 崎/サキ/saki 嶋/シマ/shima "
    "橋/ハシ/hashi 坂/サカ/saka 原/ハラ/hara 森/モリ/mori 塚/ツカ/tsuka 峰/ミネ/mine 岬/ミサキ/misaki "
    "丘/オカ/oka 台/ダイ/dai 堀/ホリ/hori ヶ瀬/ガセ/gase ヶ岳/ガタケ/gatake ノ宮/ノミヤ/nomiya 之江/ノエ/noe "
    "江/エ/e 井/イ/i 倉/クラ/kura 畑/ハタ/hata 里/サト/sato"
)
TRADES = _words(
    "商事/ショウジ/Shoji 商会/ショウカイ/Shokai 工業/コウギョウ/Kogyo 興業/コウギョウ/Kogyo 電装/デンソウ/Denso "
    "製作所/セイサクショ/Seisakusho 建設/ケンセツ/Kensetsu 運輸/ウンユ/Unyu 物産/ブッサン/Bussan "
    "不動産/フドウサン/Fudosan ビール/ビール/Beer ビル/ビル/Building サービス/サービス/Service "
    "システム/システム/System 薬品/ヤクヒン/Yakuhin コンピューター/コンピューター/Computer "
    "センター/センター/Center ホールディングス/ホールディングス/Holdings エネルギー/エネルギー/Energy "
    "鐵工所/テッコウショ/Tekkosho 印刷/インサツ/Insatsu 食品/ショクヒン/Shokuhin "
    "信用金庫/シンヨウキンコ/Shinkin 信用組合/シンヨウクミアイ/Shinkumi"
)
