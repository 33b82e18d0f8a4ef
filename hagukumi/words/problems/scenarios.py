"""What is said about the steps and the head of a scenario. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

PROBLEMS: dict[str, Saying] = {
    "step.unknown_kind": error(
        "「{kind}」というステップはありません",
        'There is no step "{kind}"',
        "使えるステップ: {kinds}。",
        "Steps: {kinds}.",
    ),
    "play.to_missing": error(
        "{kind} に宛先(to)がありません",
        "This {kind} says to nobody whom it is for",
        "「to: decision_maker」のように、宛先の役割をお書きください。",
        "Write its role or roles, such as to: decision_maker.",
    ),
    "play.to_nobody": error(
        "{kind} に「{key}」は書けません(宛先のないステップです)",
        '{kind} is for nobody in particular: it takes no "{key}"',
        "この行を消してください。",
        "Remove this line.",
    ),
    "play.role_unknown": error(
        "役割「{role}」は、どなたにも付きません",
        'Nobody ever has the role "{role}"',
        "roles.yaml に、この役割の決まりを加えるか、別の役割にしてください。使える役割: {known}。",
        "Add a rule for it to roles.yaml, or choose another. Roles: {known}.",
    ),
    "play.role_by_sales": hint(
        "役割「{role}」を付ける決まりは、roles.yaml にありません",
        'No rule of roles.yaml gives the role "{role}"',
        "営業の方が「hagukumi abm role」で付けるまで、このステップの宛先はいません。",
        "Until sales gives it with `hagukumi abm role`, this step is for nobody.",
    ),
    "play.nobody_in_role": hint(
        "宛先({roles})のかたが一人もいない施設では、何もせずに先へ進みます",
        "Where nobody is in the role ({roles}), nothing is done and the play goes on",
        "needs に {role} を加えるか、or_else に代わりのステップをお書きください(何もしないなら or_else: [])。",
        "Put {role} into needs, or write what comes instead as or_else (or_else: [] for nothing).",
    ),
    "play.persona_missing": error(
        "メール「{name}」には、{role} に送る文面(.{persona})がありません",
        'The letter "{name}" has no .{persona} text for {role}',
        "templates/{name}.{persona}.ja.txt などを作るか、宛先から外してください。",
        "Write templates/{name}.{persona}.ja.txt and the others, or take the role out.",
    ),
    "play.day_back": error(
        "{day}日目は、前のステップ({before}日目)より前です",
        "Day {day} comes before day {before} of an earlier step",
        "日の順に並べ替えてください。",
        "Put the steps into the order of their days.",
    ),
    "play.kind_of_person": error(
        "プレイでは {kind} を使えません(お一人についてのステップです)",
        "{kind} is about one person and has no place in a play",
        "task や call で、担当者にお頼みください。",
        "Ask a colleague with a task or a call.",
    ),
    "step.key_of_plays": error(
        "「{key}」は、取引先ごとのプレイ(for: account)でだけ使えます",
        '"{key}" is for plays alone (for: account)',
        "人のシナリオでは、wait(待つ)と if(条件)でお書きください。",
        "In a person's scenario use wait and if.",
    ),
    "step.two_kinds": error(
        "一つのステップに「{first}」と「{second}」があります",
        'One step holds both "{first}" and "{second}"',
        "「{second}」の行を「- 」で始めて、別のステップにしてください。",
        'Begin the line of "{second}" with "- " to make it a step of its own.',
    ),
    "step.id_missing": error(
        "{kind} のステップに名前(id)がありません",
        "This {kind} step has no id",
        "「id: 名前」の行を書き足してください。シナリオの中で一つだけの、変えない名前にします。",
        "Add a line id: NAME, unique in the scenario and never changed afterwards.",
    ),
    "step.not_mapping": error(
        "「{text}」をステップとして読めません",
        '"{text}" is not a step',
        "「- wait: 3営業日」のように、種類とコロンと値でお書きください。",
        "Write kind, colon and value, like - wait: 3 business days. ",
    ),
    "step.branch_alone": error(
        "「{key}」だけのステップがあります",
        '"{key}" stands alone as a step',
        "「- 」を消し、その分岐を持つステップと同じ位置まで下げてください。",
        'Remove the "- " and indent it like the step it belongs to.',
    ),
    "goal.empty": error(
        "ゴールに条件がありません",
        "The goal has no condition",
        "stage: sql.. のような条件をお書きください。within だけではゴールになりません。",
        "Write a condition such as stage: sql.. beside within.",
    ),
    "scenario.never_stops": warning(
        "返信・商談・お断りがあっても止まらない設定です",
        "Nothing stops this scenario: not a reply, a deal or a refusal",
        "特別な理由がなければ stop_when: defaults としてください。",
        "Unless there is a reason, write stop_when: defaults.",
    ),
}
