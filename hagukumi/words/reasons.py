"""The engine's own reasons as sentences in ja and en; {0}, {1} … are the values they carry. Imports the core only.

Guards and points have theirs in letters/words.py and models/scoring/words.py; reading/say.py knows them all.
"""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.committee import TASKS as OF_COMMITTEES

OF_STEPS: dict[str, Words] = {
    "entered": Words("シナリオに入りました", "Entered the scenario"),
    "waited": Words("決めた期間を待ちました", "The wait is over"),
    "waiting": Words("決めた期間を待っています", "Waiting for the time to pass"),
    "waiting_for": Words("反応を待っています", "Waiting for it to happen"),
    "happened": Words("待っていた反応がありました", "What was waited for happened"),
    "time_ran_out": Words("期限までに反応がありませんでした", "It did not happen in time"),
    "call_withdrawn": Words(
        "お願いしていた電話が取り下げられたため、結果を待たずに進みました(きっかけが機械の反応でした)",
        "Did not wait any longer: the call was withdrawn, for a machine was its cause",
    ),
    "letter_never_received": Words(
        "対象のメールをお送りしていないため、このステップを飛ばしました",
        "Skipped: the letter it asks about was never sent",
    ),
    "condition_held": Words("条件を満たしました", "The condition held"),
    "condition_did_not_hold": Words("条件を満たしませんでした", "The condition did not hold"),
    "letter_written": Words("メール「{0}」を用意しました", "Prepared the letter “{0}”"),
    "play_stopped": Words("プレイを終えました(きっかけ: {0})", "The play ended (because of: {0})"),
    "play_goes_on_without": Words(
        "お一人を外して続けます(きっかけ: {0})", "Goes on without one person (because of: {0})"
    ),
    "play_ended_by_hand": Words("人の判断で終えました", "Somebody ended it"),
    "play_without": Words("プレイから外れたため、取り下げました", "Withdrawn: the play goes on without this person"),
    "play_frozen": Words("凍結中です", "It is frozen"),
    "play_webinar_over": Words(
        "ウェビナー「{0}」({1})は、ご案内の日までに終わっています",
        "the webinar {0} ({1}) is over before it is announced",
    ),
    "play_webinar_day": Words(
        "ウェビナー「{0}」は{1}ですが、このプレイではその日が{2}になります",
        "the webinar {0} is on {1}, but this play would have it on {2}",
    ),
    "play_meeting_ahead": Words(
        "{1}に商談の予定があります(#{0})。実施または中止のあとで、プレイが要るか決めてください",
        "a meeting is agreed for {1} (#{0}): decide after it whether a play is needed",
    ),
    "play_meeting_open": Words(
        "日時の決まっていない商談の予定があります(#{0})。実施または中止のあとで、プレイが要るか決めてください",
        "a meeting is agreed, its date still open (#{0}): decide after it whether a play is needed",
    ),
    "play_meeting_untold": Words(
        "{1}の商談がどうなったか、記録がありません"
        "(hagukumi meeting held {0}、行わなかったときは hagukumi meeting cancel {0})",
        "nobody has said what became of the meeting of {1}"
        " (hagukumi meeting held {0}, or cancel {0} if it did not take place)",
    ),
    "play_met": Words(
        "{0}に面談したばかりです。{1}日間は、プレイではなくフィールドセールスからご連絡します",
        "somebody was met on {0}: for {1} days field sales follows up, not a play",
    ),
    "play_runs": Words(
        "プレイ「{0}」が進んでいます。先に「hagukumi abm play stop」で終えてください",
        "the play {0} is running there; end it first with `hagukumi abm play stop`",
    ),
    "play_rests": Words(
        "プレイ「{0}」が{1}まで凍結中です。先に「hagukumi abm play stop」で終えてください",
        "the play {0} is there, frozen until {1}; end it first with `hagukumi abm play stop`",
    ),
    "play_once": Words(
        "すでに行いました。1回だけのプレイです", "it was run there already, and runs once at an account"
    ),
    "play_again": Words(
        "すでに行いました。次は{0}から始められます(終わってから{1}後)",
        "it was run there already, and may start again from {0} ({1} after its end)",
    ),
    "play_not_listed": Words("ターゲットリストにありません", "the account is not on the target list"),
    "play_would_stop": Words(
        "プレイを止める理由がすでにあります({0})", "there is a reason already that ends a play ({0})"
    ),
    "play_not_for": Words(
        "対象の条件(who)に当てはまりません", "the account is none of those the play is for (its who)"
    ),
    "play_lacks_role": Words(
        "{0}が{2}名必要ですが、分かっていて連絡できるのは{1}名です", "{0}: {2} needed, {1} known who can be reached"
    ),
    "play_lacks_approval": Words("メール「{0}」の確認が済んでいません({1})", "the letter {0} is not approved ({1})"),
    "play_lacks_paper": Words(
        "メールで案内する、または郵送に同封する資料「{0}」({1})の承認が済んでいません"
        "(hagukumi content approve papers/{0})",
        "the paper {0} ({1}), which letters link to or enclose, is not approved (hagukumi content approve papers/{0})",
    ),
    "nobody_in_role": Words("宛先の役割のかたがいませんでした", "Nobody has the role it is for"),
    "call_refused": Words("電話をお断りのため、お電話しません", "Not called: calls are refused"),
    "call_no_number": Words("電話番号が分からないため、お電話できません", "Not called: no number is known"),
    "nobody_with_mail": Words("宛先の方のメールアドレスがありませんでした", "Nobody it is for has a mail address"),
    "day_comes": Words("プレイの{0}営業日目を待っています", "Waiting for business day {0} of the play"),
    "day_came": Words("プレイの{0}営業日目になりました", "Business day {0} of the play has come"),
    "letter_waits": Words("メールの送信を待っています", "Waiting for the letter to leave"),
    "letter_accepted": Words("メールを送信しました", "The letter was sent"),
    "letter_not_sent": Words("メールは送信されませんでした({0})", "The letter was not sent ({0})"),
    "letter_unknown": Words(
        "結果が分からないまま24時間が過ぎたため、送信済みとして進みました",
        "Its fate stayed unknown for 24 hours; counted as sent",
    ),
    "letter_in_doubt": Words("送信の結果を確認しています", "Waiting to learn whether the letter was taken"),
    "invited": Words(
        "ウェビナー「{0}」への招待「{1}」を用意しました", "Prepared the invitation “{1}” to the webinar {0}"
    ),
    "webinar_begun": Words(
        "ウェビナー「{0}」が始まったため、お誘いしません", "The webinar {0} has begun: there is nothing to invite to"
    ),
    "all_registered": Words(
        "全員がウェビナー「{0}」にお申し込み済みです", "Everybody has registered for the webinar {0}"
    ),
    "post_written": Words("手紙「{0}」の印刷を依頼しました", "Asked for the letter “{0}” to be printed"),
    "post_waits": Words("手紙の投函を待っています", "Waiting for the letter to be posted"),
    "post_posted": Words("手紙を投函しました", "The letter was posted"),
    "post_not_posted": Words("手紙は投函されませんでした({0})", "The letter was not posted ({0})"),
    "post_late": Words(
        "期限までに投函されなかったため、手紙を取り下げました", "The letter was not posted in time and was called off"
    ),
    "post_paused": Words("一時停止中のため、印刷を待っています", "Not printed yet: it is paused"),
    "post_not_approved": Words("「{0}」の承認を待っています", "Not printed yet: {0} has not been approved"),
    "post_in_deal": Words("商談中の施設のため、郵送しません", "Not posted: sales is in a deal with this account"),
    "post_account_frozen": Words(
        "施設を{0}まで凍結しているため、印刷を待っています(決めた方: {1})",
        "Not printed yet: the account is frozen until {0} by {1}",
    ),
    "post_no_address": Words(
        "施設の郵便番号か住所が未登録のため、印刷できません",
        "Not printed: postal code or address of the facility is missing",
    ),
    "post_paper": Words(
        "同封する資料「{0}」を作れないため、印刷を待っています({1})",
        "Not printed yet: the paper {0} cannot be made ({1})",
    ),
    "post_content_withdrawn": Words(
        "内容が取り下げられたため、郵送しません", "Not posted: the content has been withdrawn"
    ),
    "post_refused": Words("郵送をお断りのため、手紙は作りません", "No letter by post: they refuse them"),
    "visit_asked": Words("訪問「{0}」を依頼しました", "Asked for a visit: {0}"),
    "visit_waits": Words("訪問の結果を待っています", "Waiting for the result of the visit"),
    "visit_result": Words("訪問の結果: {0}", "Result of the visit: {0}"),
    "visit_late": Words("期限までに訪問の結果がありませんでした", "There was no result of the visit in time"),
    "visit_refused": Words(
        "訪問をお断り(出入禁止を含む)のため、伺いません", "No visit: they, or their facility, refuse visits"
    ),
    "task_made": Words("「{0}」を依頼しました", "Asked for “{0}”"),
    "handed_over": Words("{0}へトスアップしました", "Handed over to {0}"),
    "tagged": Words("タグ「{0}」を付けました", "Tagged “{0}”"),
    "tag_removed": Words("タグ「{0}」を外しました", "Removed the tag “{0}”"),
    "ads_joined": Words("広告の配信対象「{0}」に入れました", "Put into the audience of ads “{0}”"),
    "ads_left": Words("広告の配信対象「{0}」から外しました", "Taken out of the audience of ads “{0}”"),
    "ads_over": Words("広告の配信対象「{0}」の期間が過ぎていました", "The time of the audience of ads “{0}” is over"),
    "arm_drawn": Words("くじで「{0}」になりました", "Drew “{0}”"),
    "round_begins": Words("{0}回目を始めました", "Round {0} began"),
    "rounds_over": Words("{0}回の繰り返しを終えました", "All {0} rounds are done"),
    "rounds_left": Words("条件を満たしたため、繰り返しを終えました", "Left the repetition: its condition held"),
    "ended": Words("終了: {0}", "Ended: {0}"),
    "came_to_the_end": Words("最後のステップを終えました", "Came to the end"),
    "stopped_by_rule": Words(
        "停止の決まり(返信・商談・お断り・退職・NG)により終了しました",
        "Ended by a stop rule (reply, deal, refusal, left, NG)",
    ),
    "removed_by_hand": Words("担当者がシナリオから外しました", "Taken out by hand"),
    "merged": Words("同じ方の登録をまとめたため終了しました", "Ended: two records of one person became one"),
}

OF_TASKS: dict[str, Words] = {
    "asked_call": Words("電話の依頼: {0}", "Call asked for: {0}"),
    "asked_task": Words("{0}", "{0}"),
    "post_came_back": Words(
        "郵送の手紙({0}番)が戻りました。住所と担当の方をご確認ください",
        "Letter {0} came back by post: please look up the address and who is there",
    ),
    "task_not_posted": Words("手紙を投函しないことになったため取り下げ", "Withdrawn: the letter is not posted"),
    "task_called_off": Words(
        "期限を過ぎたか、シナリオが終わったため取り下げ", "Called off: too late, or the scenario has ended"
    ),
    "task_play_over": Words("プレイが終わったため取り下げ", "Withdrawn: the play has ended"),
    "task_play_without": Words("プレイから外れた方のため取り下げ", "Withdrawn: the play goes on without this person"),
    "task_phone_refused": Words("電話をお断りのため取り下げ", "Withdrawn: calls are refused"),
    "asked_post": Words("手紙「{0}」の印刷と投函", "Print and post the letter “{0}”"),
    "asked_visit": Words("訪問: {0}(場所: {1}、持参: {2})", "Visit: {0} (where: {1}, take along: {2})"),
    "left_company": Words(
        "退職・異動の知らせがありました。後任の方をご確認ください",
        "News that the person has left: please find out who came after them",
    ),
    "call_again": Words("前回「{0}」。{1}に改めてお電話", "Last time: {0}; call again on {1}"),
    "find_number": Words("電話番号が違いました。正しい番号をご確認ください", "Wrong number: please find the right one"),
    "find_person": Words(
        "ご担当が違いました。正しいご担当の方をお探しください", "Wrong person: please find who is in charge"
    ),
    "referred": Words("#{0} の方からのご紹介です", "Referred by #{0}"),
    "referred_by": Words("{0}からのご紹介です", "Referred by {0}"),
    "handed_over_to_fs": Words(
        "ISからの引き継ぎ。受けるか差し戻すかをお返事ください", "Handed over by inside sales: accept it or send it back"
    ),
    "sent_back": Words("FSからの差し戻し: {0}", "Sent back by field sales: {0}"),
    "task_machine": Words(
        "きっかけの反応が機械によるものと分かったため取り下げ",
        "Withdrawn: what caused it turned out to be a machine",
    ),
    "task_no_jump": Words(
        "機械による反応を除くと、点数の急上昇ではなかったため取り下げ",
        "Withdrawn: without the acts of machines the score had not jumped",
    ),
    "by_hand": Words("{0}(採点を止めているため、手動の決まりによる)", "{1} (by hand rules: scores are suspended)"),
    "asked_handover": Words("トスアップ(シナリオ「{0}」)", "Hand-over from “{0}”"),
    "review_next": Words("第{0}回の見直しで決めた次の一手: {1}", "The next act, decided in review {0}: {1}"),
    "review_replaced": Words(
        "その後の見直しで別の次の一手が決まりました", "A later review has decided upon another next act"
    ),
    "review_late": Words(
        "第{0}回の見直しが終わっていません(未決定 {1}件)。「hagukumi abm review show」でご確認ください",
        "Review {0} is not finished ({1} undecided); see `hagukumi abm review show`",
    ),
    "review_escalated": Words(
        "第{0}回の見直しが、期限を過ぎても終わっていません(未決定 {1}件)。進め方を決めてください",
        "Review {0} is overdue ({1} undecided): please see to it that it is finished",
    ),
}

OF_LETTERS: dict[str, Words] = {
    "journey_over": Words("シナリオが終わったため取り下げ", "Withdrawn: the scenario is over"),
    "content_withdrawn": Words(
        "「{0}」の取り下げにより、送信前に止めました", "Called back before leaving: {0} was withdrawn"
    ),
    "recalled": Words("一時停止または取り下げのため、送信の直前に止めました", "Called back just before leaving"),
    "look_failed": Words(
        "送信直前の確認ができなかったため送らず、次の機会に確認します",
        "Not checked just before leaving: asked again later",
    ),
    "channel_rests": Words("送信の出口が休止中のため、送信の直前に止めました", "Kept back: the channel rests"),
    "gave_up": Words(
        "送信先が{1}回受け付けなかったため見送り({0})", "Given up: the outlet did not take it {1} times ({0})"
    ),
    "settled_lost": Words(
        "送信されていないと確認されたため終了(再送はしません)",
        "Settled as not sent; it is not sent again",
    ),
    "sender_died": Words(
        "送信の途中で処理が途切れ、届いたか分かりません。二重送信を防ぐため、再送しません",
        "The sender was cut off while sending; nobody knows whether it left, so it is not sent again",
    ),
    "restored": Words(
        "控えから戻したデータベースに、送信の記録がありません(送信簿には残っています)。二重送信を防ぐため、再送しません",
        "The restored database does not know that it was sent, the logbook does; it is not sent again",
    ),
    "channel_refused": Words(
        "原因は出口にあり、再開を待っています({0})", "It waits for the channel, which is to blame ({0})"
    ),
    "outlet_refused": Words("送信先が受け付けませんでした({0})", "The outlet did not take it ({0})"),
    "outlet_answer_lost": Words(
        "送信先の返事が得られず、届いたか分かりません({0})。二重送信を防ぐため、再送しません",
        "The outlet's answer was lost ({0}); nobody knows whether it left, so it is not sent again",
    ),
    "came_back": Words("届かずに戻りました({0})", "It came back ({0})"),
    "provider_dropped": Words("配信サービスが送信しませんでした({0})", "The mail service did not send it ({0})"),
    "stop_missing_attribute": Words(
        "「{3}」が未登録で代わりの言葉もないため見送り({1}:{2}行目)",
        "Not sent: {3} is missing and has no fall-back ({1}:{2})",
    ),
    "stop_webinar_unknown": Words(
        "「{0}」というウェビナーが webinars.yaml にないため見送り", "Not sent: webinars.yaml has no webinar {0}"
    ),
    "stop_webinar_over": Words(
        "ウェビナー「{0}」が始まったあとのため見送り", "Not sent: the webinar {0} has begun already"
    ),
    "stop_empty": Words("{0} に本文がないため見送り", "Not sent: {0} has no text"),
    "stop_template_missing": Words("テンプレート {0} がないため見送り", "Not sent: there is no template {0}"),
    "stop_template_broken": Words(
        "テンプレート {0}({1}行目)に誤りがあるため見送り", "Not sent: the template {0} is broken (line {1})"
    ),
    "stop_cannot_calculate": Words(
        "テンプレート {0}({1}行目)の計算ができないため見送り", "Not sent: {0} cannot be calculated (line {1})"
    ),
    "stop_too_large": Words("文面が長くなりすぎるため見送り", "Not sent: the text grows too long"),
    "stop_endless": Words("テンプレート {0} の繰り返しが多すぎるため見送り", "Not sent: a loop in {0} is too long"),
    "stop_control_character": Words(
        "氏名などに改行や制御文字が含まれるため見送り", "Not sent: a name holds a line break or control character"
    ),
    "stop_bad_address": Words("メールアドレスの形が正しくないため見送り", "Not sent: the address is malformed"),
    "stop_no_refusal": Words(
        "文面に配信停止の方法がないため見送り", "Not sent: the letter does not say how to refuse further ones"
    ),
    "stop_no_sender": Words("文面に差出人の会社名がないため見送り", "Not sent: the letter does not name the company"),
    "stop_no_sender_name": Words(
        "文面に差出人の氏名がないため見送り", "Not sent: the letter does not name who sends it"
    ),
    "stop_refusal_apart": Words(
        "配信停止の方法が差出人の表示から離れているため見送り",
        "Not sent: the way to refuse stands far from the sender's name",
    ),
    "stop_no_postal_address": Words("文面に住所がないため見送り", "Not sent: the letter lacks the postal address"),
    "stop_no_complaints": Words(
        "文面に苦情の窓口がないため見送り", "Not sent: the letter lacks the contact for complaints"
    ),
    "stop_bad_link": Words("配信停止のリンクが正しくないため見送り", "Not sent: the link to refuse is malformed"),
}

OF_CHANNELS: dict[str, Words] = {
    "channel_failed": Words("続けて{0}回失敗したため({1})", "{0} failures in a row ({1})"),
    "channel_asked": Words("送信先が間隔を空けるよう求めたため({0})", "the provider asked for patience ({0})"),
    "channel_by_hand": Words("担当者が休止しました", "somebody paused it"),
    "spam_reports": Words(
        "迷惑メールの申告が多いため休止中(7日間に {1}通の送信で {0}件)",
        "rests: too many complaints ({0} for {1} letters in 7 days)",
    ),
    "channel_paused": Words("休止中", "paused"),
}

REASONS: dict[str, Words] = {**OF_STEPS, **OF_TASKS, **OF_COMMITTEES, **OF_LETTERS, **OF_CHANNELS}
