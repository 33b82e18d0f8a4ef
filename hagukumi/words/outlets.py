"""What an outlet's codes mean, in a few words that fit into brackets. Imports core.values only."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

SPOKEN_BY = frozenset({
    "outlet_refused", "channel_refused", "outlet_answer_lost", "gave_up", "channel_failed", "channel_asked",
})  # fmt: skip
"""Reasons whose values are such codes."""

CODES: dict[str, Words] = {
    "400": Words("400 内容が受け付けられません", "400 the content is not acceptable"),
    "401": Words("401 APIキーが無効か、送信枠を使い切りました", "401 the API key is not valid, or no credits are left"),
    "403": Words(
        "403 APIキーの権限か、差出人の認証が足りません", "403 the key may not send, or the sender is not verified"
    ),
    "404": Words("404 APIのアドレスが違います", "404 the API's address is wrong"),
    "408": Words("408 送信先が待ちきれませんでした", "408 the provider, or something before it, gave up waiting"),
    "413": Words("413 メールが大きすぎます", "413 the letter is too large"),
    "425": Words("425 早すぎるとの返事です", "425 too early"),
    "429": Words("429 送信回数の上限に達しました", "429 the limit of calls was reached"),
    "500": Words("500 送信先の障害", "500 trouble at the provider"),
    "502": Words("502 送信先の障害", "502 trouble at the provider"),
    "503": Words("503 送信先が混み合っています", "503 the provider is overloaded"),
    "504": Words("504 送信先の障害", "504 trouble at the provider"),
    "refused": Words("接続できません", "the connection was refused"),
    "unreachable": Words("接続できません", "it cannot be reached"),
    "connect-timeout": Words("接続できません(時間切れ)", "connecting took too long"),
    "dns": Words("送信先の名前が見つかりません", "its name is not known"),
    "tls": Words("安全な接続を確立できません", "no secure connection can be made"),
    "timeout": Words("時間内に返事がありません", "no answer in time"),
    "broken": Words("接続が途中で切れました", "the connection broke"),
    "not-http": Words("返事を読み取れません", "the answer cannot be read"),
    "sendgrid-key": Words("APIキーがありません", "there is no API key"),
    "sendgrid-key-file": Words("APIキーのファイルを読み取れません", "the file with the API key cannot be read"),
    "sendgrid-key-open": Words(
        "APIキーのファイルをほかの人も読めます", "others may read the file with the API key"
    ),
    "sendgrid-key-form": Words(
        "APIキーに使えない文字があります", "the API key holds signs that no key has"
    ),
    "smtp-password": Words("SMTPのパスワードがありません", "there is no SMTP password"),
    "smtp-password-file": Words(
        "SMTPのパスワードのファイルを読み取れません", "the file with the SMTP password cannot be read"
    ),
    "smtp-password-open": Words(
        "SMTPのパスワードのファイルをほかの人も読めます", "others may read the file with the SMTP password"
    ),
    "smtp-password-form": Words(
        "SMTPのパスワードに使えない文字があります", "the SMTP password holds signs that none has"
    ),
}  # fmt: skip
