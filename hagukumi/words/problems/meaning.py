"""What is said about the meaning of a scenario that can be read. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

PROBLEMS: dict[str, Saying] = {
    "scenario.file_name": warning(
        "シナリオの名前「{name}」がファイル名({file})と違います",
        'The scenario is called "{name}" but the file {file}',
        "どちらかにそろえてください。名前を変えると、別のシナリオとして扱われます。",
        "Make them agree. A scenario under another name is another scenario.",
    ),
    "scenario.account_later": error(
        "for: account は、取引先ごとのプレイ(ABM)とともに使えるようになります",
        "for: account comes with the account plays (ABM)",
        "今は for: person としてください。",
        "For now write for: person.",
    ),
    "scenario.no_steps": error(
        "ステップが一つもありません",
        "There are no steps",
        "steps: の下に「- send: …」などのステップをお書きください。",
        "Write steps below steps:, such as - send: LETTER.",
    ),
    "moved.alive": error(
        "「{old}」は名前を変えたことになっていますが、その名前のステップが残っています",
        '"{old}" is said to be renamed, but a step still has that name',
        "moved からこの行を消すか、ステップの名前を変えてください。",
        "Remove this line from moved, or rename the step.",
    ),
    "moved.unknown": error(
        "移動先の「{new}」というステップがありません",
        'There is no step "{new}" to move to',
        "今あるステップの名前をお書きください。",
        "Name a step that exists.",
    ),
    "id.duplicate": error(
        "「{name}」という名前のステップが二つあります(最初は {line} 行目)",
        'Two steps are called "{name}" (the first in line {line})',
        "どちらかの id を、シナリオの中で一つだけの名前に変えてください。",
        "Give one of them an id of its own.",
    ),
    "ref.unknown_letter": error(
        "「{name}」というメールのステップは、このシナリオにありません",
        'No send step of this scenario is called "{name}"',
        "send のステップの id をお書きください。資料を指すときは {{content: 資料の名前}} とします。",
        "Write the id of a send step. For a piece of content write {{content: NAME}}.",
    ),
    "ref.content_not_letter": error(
        "「{name}」は資料の名前で、このシナリオのメールではありません",
        '"{name}" is a piece of content, not a letter of this scenario',
        "{kind}: {{content: {name}}} とお書きください。",
        "Write {kind}: {{content: {name}}}.",
    ),
    "ref.not_a_letter": error(
        "「{name}」はメール(send)のステップではありません",
        '"{name}" is not a send step',
        "反応を待つ相手は、send のステップの id でお書きください。",
        "Name the id of a send step.",
    ),
    "ref.not_before": error(
        "ここに来るまでに「{name}」は送られていません",
        '"{name}" is never sent on the way to this point',
        "先に送るか、条件を後ろの位置に移してください。",
        "Send it first, or move the condition further down.",
    ),
    "ref.unknown_step": error(
        "「{name}」というステップはありません",
        'There is no step "{name}"',
        "このシナリオにある id をお書きください。",
        "Write an id of this scenario.",
    ),
    "ref.unknown_scenario": error(
        "「{name}」というシナリオはありません",
        'There is no scenario "{name}"',
        "scenarios/ にあるシナリオの名前をお書きください。",
        "Name a scenario of scenarios/.",
    ),
    "condition.unknown_outcome": warning(
        "「{name}」という電話の結果はありません",
        'A call has no result "{name}"',
        "記録できる結果: {outcomes}。",
        "Results that can be recorded: {outcomes}.",
    ),
    "content.missing": warning(
        "資料「{name}」は content.yaml にありません",
        'The content "{name}" is not in content.yaml',
        "名前を確かめるか、scenarios/rules/content.yaml に書き足してください。",
        "Check the name, or add it to scenarios/rules/content.yaml.",
    ),
    "letter.missing": error(
        "メール「{name}」が templates/ にありません",
        'The letter "{name}" is not in templates/',
        "名前を確かめるか、templates/{name}.yaml と本文を用意してください。",
        "Check the name, or write templates/{name}.yaml and its bodies.",
    ),
    "letter.language_missing": error(
        "メール「{name}」に {language} の本文がありません",
        'The letter "{name}" has no body in {language}',
        "templates/{name}.{language}.subject と .txt を用意してください。",
        "Write templates/{name}.{language}.subject and .txt.",
    ),
    "letter.variant_missing": error(
        "メール「{name}」に件名の案「{variant}」がありません",
        'The letter "{name}" has no subject variant "{variant}"',
        "ある案: {variants}。",
        "It has: {variants}.",
    ),
    "letter.class_differs": warning(
        "メール「{name}」の区分は、ここでは {written}、メールの側では {sheet} です",
        'The letter "{name}" is {written} here, but {sheet} in its own sheet',
        "どの決まり(停止・上限)を当てるかが変わります。class: をそろえてください。",
        "The class decides which rules apply. Make both agree.",
    ),
    "letter.twice": error(
        "同じメール「{name}」が、一人の方に二度届く道筋があります",
        'There is a way on which one person gets "{name}" twice',
        "別の内容にするか、どちらか一方だけを通る分岐に分けてください。",
        "Send other content, or keep the two in branches that exclude each other.",
    ),
    "condition.impossible": error(
        "「{key}」の条件が打ち消し合い、誰にも当てはまりません",
        'The conditions on "{key}" exclude each other: they hold for nobody',
        "どちらかを消すか、「どれか」でよいなら any: の下に並べてください。",
        "Remove one, or list them under any: if one is enough.",
    ),
    "goal.already": warning(
        "対象の方は、入ったときにもうゴールに達しています",
        "Everybody who comes in has reached the goal already",
        "who の stage({stage})より先の段階をゴールにしてください。",
        "Choose a goal beyond the stage of who ({stage}).",
    ),
    "test.shares": error(
        "枝と hold_out の割合の合計が {sum} です",
        "The shares of the arms and hold_out add up to {sum}",
        "合計をちょうど 100% にしてください。",
        "They must add up to exactly 100%.",
    ),
    "test.one_arm": error(
        "比べる枝が一つしかありません",
        "There is only one arm to compare",
        "枝を二つ以上にするか、hold_out を付けてください。",
        "Write two arms or more, or a hold_out.",
    ),
    "test.empty_share": error(
        "枝「{arm}」の割合が 0% です",
        'The arm "{arm}" has a share of 0%',
        "割合を書くか、この枝を消してください。",
        "Give it a share, or remove the arm.",
    ),
    "test.same_arms": error(
        "枝「{first}」と「{second}」が同じ内容です",
        'The arms "{first}" and "{second}" do the same',
        "比べたいところ(件名、内容、間隔など)を変えてください。",
        "Let them differ in what you want to compare.",
    ),
    "test.nothing_to_measure": warning(
        "「{measure}」で比べるテストですが、枝の中にメールがありません",
        "The test is measured by {measure}, but its arms send no letter",
        "枝の中で send するか、measure: goal としてください。",
        "Send a letter in the arms, or write measure: goal.",
    ),
    "repeat.nested": error(
        "繰り返し「{name}」が、別の繰り返し「{outer}」の中にあります",
        'The repeat "{name}" stands inside the repeat "{outer}"',
        "外に出して、続けて書いてください。",
        "Write one after the other.",
    ),
    "repeat.restless": error(
        "繰り返し「{name}」に、待たずに次の回へ進む道筋があります",
        'The repeat "{name}" has a way to the next round without any wait',
        "繰り返しの中に wait か send を入れてください。",
        "Put a wait or a send on every way through it.",
    ),
    "repeat.contents": error(
        "{times} 回の繰り返しに対し、「{name}」の内容が {given} 種類しかありません",
        '"{name}" has {given} different contents for {times} rounds',
        "send: [1回目, 2回目, …] のように、回数分の異なるメールを並べてください。",
        "List a different letter for each round: send: [first, second, …].",
    ),
    "send.list_outside_repeat": error(
        "「{name}」にメールが二つ以上書かれています",
        '"{name}" names more than one letter',
        "一覧にできるのは repeat の中だけです。続けて送るなら send を分けてください。",
        "A list works inside repeat only. Write one send for each letter.",
    ),
    "flow.unreachable": error(
        "このステップには誰も来ません",
        "Nobody ever comes to this step",
        "上の end を消すか移し、要らなければこのステップを消してください。",
        "Remove or move the end above, or remove this step.",
    ),
    "flow.empty_branches": warning(
        "この if には、then にも else にもステップがありません",
        "This if has steps neither in then nor in else",
        "ステップを書くか、if を消してください。",
        "Write steps, or remove the if.",
    ),
    "flow.same_branches": warning(
        "then と else が同じ内容です",
        "then and else do the same",
        "違いを付けるか、if を消して一度だけお書きください。",
        "Let them differ, or write the steps once without the if.",
    ),
    "flow.letters_close": hint(
        "「{name}」は、早い方には {hours} 時間以内の {most} 通を超えるため遅れて届きます",
        '"{name}" can come too soon after others ({most} letters in {hours} hours) and will be late',
        "前の wait を延ばすか、メールを減らしてください(上限は scenarios/rules/defaults.yaml)。",
        "Lengthen the wait before it, or send less (the cap stands in scenarios/rules/defaults.yaml).",
    ),
    "flow.beyond_goal": warning(
        "ゴールの期間(goal の within)より長く待ちます",
        "This waits longer than the goal's time (within)",
        "待つ期間を短くするか、goal の within を延ばしてください。",
        "Shorten the wait, or lengthen within of the goal.",
    ),
    "flow.after_goal": warning(
        "ここから先は、どの方も goal の within を過ぎてから進みます",
        "From here on everybody is past the goal's time (within)",
        "途中の待ちを短くするか、goal の within を延ばしてください。",
        "Shorten the waits, or lengthen within of the goal.",
    ),
}
