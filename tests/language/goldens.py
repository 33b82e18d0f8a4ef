"""The example of every problem: tests/errors/CODE.yaml and what is said about it in ja and en.

`python -m tests.language.goldens` writes the texts anew; read the change before committing it.
"""

from importlib import import_module
from pathlib import Path

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.compile import compile_scenario
from hagukumi.journeys.language.load import Loaded, load, read_file
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.journeys.language.show import as_text, counted
from hagukumi.journeys.language.source import Limits, Source, decode
from hagukumi.journeys.language.vocabulary import CustomField, Letter, Reach, Vocabulary
from hagukumi.words.problems import catalogue

FOLDER = Path(__file__).parent.parent / "errors"
NAME = "scenarios/example.yaml"
ROOMS = ("files", "values", "scenarios", "meaning")

PLAIN = Letter(languages=frozenset({"ja", "en"}), variants=frozenset({"a", "b"}))
WORKSPACE = Vocabulary(
    letters={
        "demo/first": PLAIN,
        "demo/second": PLAIN,
        "demo/third": PLAIN,
        "demo/english-only": Letter(languages=frozenset({"en"})),
        "demo/for-heads": Letter(languages=frozenset({"ja", "en"}), personas=frozenset({"executive"})),
    },
    pieces=frozenset({"overtime-case", "roi-simulation", "spring-seminar"}),
    webinars=frozenset({"spring-seminar"}),
    papers=frozenset({"one-page"}),
    scenarios=frozenset({"example", "hospital"}),
    themes=frozenset({"overtime", "claims"}),
    graded=False,
    roles=frozenset({"decision_maker", "influencer", "user"}),
    audiences={"targets": None, "people": Reach(25, 75, 1_000)},
    fields={"contract_ends": CustomField(type="date", label=Words("契約の終わり", "end of contract"))},
)

MADE: dict[str, bytes | None] = {
    "file.missing": None,
    "file.too_large": b"#" * 1_000_001,
    "file.too_many_values": b"scenario: [" + b"a, " * 50_001 + b"a]",
    "file.too_many_problems": b"".join(b"key%d: 1\n" % n for n in range(130)),
    "yaml.too_deep": b"steps: " + b"[" * 100,
}
"""Examples that no file in the repository can be."""


def codes() -> list[str]:
    """The codes of the language."""
    known = [code for room in ROOMS for code in import_module(f"hagukumi.words.problems.{room}").PROBLEMS]
    assert set(known) <= set(catalogue())
    return sorted(known)


def example(code: str) -> tuple[Source | None, tuple[Problem, ...]]:
    """The example of a code, checked."""
    if code == "file.unreadable":
        loaded: Loaded[Scenario] = load(FOLDER, Scenario, name=NAME)
        return None, loaded.problems
    if code in MADE:
        data = MADE[code]
        source, problems = read_file(FOLDER / "none", name=NAME) if data is None else decode(NAME, data, Limits())
    else:
        source, problems = read_file(FOLDER / f"{code}.yaml", name=NAME)
    if source is None:
        return None, tuple(problems)
    return source, compile_scenario(load(source, Scenario, vocabulary=WORKSPACE), workspace=WORKSPACE).problems


def said(code: str, lang: str) -> str:
    """What is said about the example; long repetitions are cut."""
    source, problems = example(code)
    sources = {} if source is None else {source.path: source}
    shown = problems if len(problems) <= 12 else (*problems[:3], *(each for each in problems if each.code == code))
    return as_text(shown, sources, lang) + counted(problems, lang) + "\n"


def write() -> None:
    """Writes every text anew."""
    for code in codes():
        for lang in ("ja", "en"):
            (FOLDER / f"{code}.{lang}.txt").write_text(said(code, lang), encoding="utf-8")


if __name__ == "__main__":
    write()
