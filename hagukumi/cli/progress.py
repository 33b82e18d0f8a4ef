"""What a long command is doing, said on a terminal step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hagukumi.cli.frame import Call
from hagukumi.journeys.core.values import Words

_STEPS = {
    "read": Words("表を読んでいます", "reading the table"),
    "leaks": Words("結果を知っている列を探しています", "looking for columns that know the outcome"),
    "baseline": Words("候補を比べています(1列だけ)", "comparing candidates (one column alone)"),
    "logistic": Words("候補を比べています(ロジスティック回帰)", "comparing candidates (logistic regression)"),
    "additive": Words("候補を比べています(加法的ブースティング)", "comparing candidates (additive boosting)"),
    "full": Words("候補を比べています(ブースティング)", "comparing candidates (boosting)"),
    "test": Words("新しい行で確かめています", "testing on the newest rows"),
    "final": Words("すべての行で学習しています", "training on all rows"),
    "card": Words("モデルカードを書いています", "writing the model card"),
}


@contextmanager
def steps(call: Call) -> Iterator[Callable[[str], None]]:
    """What is being done, on a terminal; nothing elsewhere."""
    if call.as_json or not call.console.is_terminal:
        yield lambda step: None
        return
    with call.console.status("") as status:
        yield lambda step: status.update(_STEPS[step].say(call.lang) if step in _STEPS else step)
