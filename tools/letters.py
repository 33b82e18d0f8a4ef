"""`make letters`: every letter for its examples, checked against what mail programs can show, and as a picture.

Writes docs/letters/: a PNG for each persona and language, and index.json with what each was made from. Pictures whose
letter has not changed stay as they are. Start with `main`; tests/letters/test_pictures.py reads `pages` and `INDEX`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal, NamedTuple

from hagukumi.files import read_files
from hagukumi.letters.picture import LETTER_WIDTH, Camera, camera, find_browser
from hagukumi.letters.preview import HARMLESS
from hagukumi.letters.proof import example_letter
from hagukumi.letters.render import Letterpress
from hagukumi.letters.templates import LANGUAGES, PERSONAS
from hagukumi.words.environment import environment_lang
from hagukumi.workspace import CHECKOUT, find

FOLDER = CHECKOUT / "docs" / "letters"
INDEX = FOLDER / "index.json"
LINT = CHECKOUT / "tools" / "caniemail"
ALLOWED = LINT / "allowed.json"
_INSTALLED = CHECKOUT / ".venv" / "caniemail"
_COLOURS = 16
_FLAT = 5
_PHONE = 390
_SAMPLE = "interest/case.executive.ja"


class Shot(NamedTuple):
    """One picture: its name below docs/letters/ without .png, the page, and how it is looked at."""

    name: str
    html: str
    width: int = LETTER_WIDTH
    scheme: Literal["light", "dark"] = "light"

    @property
    def hash(self) -> str:
        """Says when the picture has to be taken again."""
        seen = f"{self.width} {self.scheme}\n{self.html}"
        return hashlib.blake2b(seen.encode(), digest_size=12).hexdigest()

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.png"


def pages() -> dict[str, str]:
    """<template>.<persona>.<language> -> HTML, for all letters of the checkout, each for a fitting example."""
    files = read_files(find(CHECKOUT))
    press = Letterpress(files.library.sources)
    made = {}
    for name in press.library.names():
        for persona in _personas(press, name):
            for language in LANGUAGES:
                sender, refuse = files.signatures[language], f"{files.settings.base_url}/refuse/{HARMLESS}"
                letter = example_letter(_example(press, name, persona))._replace(sender=sender, refuse_url=refuse)
                rendered = press.render(name, persona, language, None, letter)
                made[f"{name}.{persona or 'all'}.{language}"] = rendered.html
    return made


def shots(made: Mapping[str, str]) -> Iterator[Shot]:
    """The pictures to be kept: all by day, one at night and one on a telephone."""
    for name, html in made.items():
        yield Shot(name, html)
    if _SAMPLE in made:
        yield Shot(f"{_SAMPLE}.night", made[_SAMPLE], scheme="dark")
        yield Shot(f"{_SAMPLE}.telephone", made[_SAMPLE], width=_PHONE)


def allowed_hash() -> str:
    """Of what mail programs may lack, and of the package that knows."""
    said = ALLOWED.read_bytes() + (LINT / "package.json").read_bytes()
    return hashlib.blake2b(said, digest_size=12).hexdigest()


def read_index() -> dict[str, Any]:
    """What the last `make letters` wrote."""
    stored: dict[str, Any] = json.loads(INDEX.read_text("utf-8")) if INDEX.is_file() else {}
    return stored


def _personas(press: Letterpress, name: str) -> list[str | None]:
    own = [one for one in PERSONAS if any(f".{one}." in file for file in press.library.files_of(name))]
    return [*own] or [None]


def _example(press: Letterpress, name: str, persona: str | None) -> Mapping[str, Any]:
    examples = press.library.sheet(name).examples

    def fits(example: Mapping[str, Any]) -> bool:
        return ((example.get("person") or {}).get("role") == "decision_maker") == (persona == "executive")

    return next(filter(fits, examples), examples[0] if examples else {})


def lint(made: Mapping[str, str]) -> list[str]:
    """What a mail program lacks of these letters and nobody has allowed, a sentence each."""
    rules = json.loads(ALLOWED.read_text("utf-8"))
    asked = json.dumps({"clients": rules["clients"], "letters": made}, ensure_ascii=False)
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run([node, "lint.mjs"], cwd=_installed(), input=asked, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr.strip()[-2000:])
    lacking: dict[str, list[str]] = {}
    for block in rules["lacking"]:
        for feature, clients in block["features"].items():
            lacking.setdefault(feature, []).extend(clients)
    partly = {feature for block in rules["partly"] for feature in block["features"]}

    def allowed(feature: str, kind: str, client: str) -> bool:
        if kind == "warning":
            return feature in partly
        return any(fnmatch(client, one) for one in lacking.get(feature, ()))

    found = json.loads(done.stdout)
    return [
        f"{letter}: {feature} ({client}, {kind})"
        for feature, kind, client, letter in found
        if not allowed(feature, kind, client)
    ]


def _installed() -> Path:
    """The folder with the npm package, at the version of package.json."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise SystemExit(
            "メールソフトでの見え方を確かめるには node と npm が必要です。 / "
            "Checking letters for mail programs needs node and npm."
        )
    wanted = (LINT / "package.json").read_bytes()
    have = _INSTALLED / "package.json"
    if not have.is_file() or have.read_bytes() != wanted:
        shutil.rmtree(_INSTALLED, ignore_errors=True)
        _INSTALLED.mkdir(parents=True)
        for file in ("package.json", "lint.mjs"):
            shutil.copy(LINT / file, _INSTALLED / file)
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        if subprocess.run(command, cwd=_INSTALLED).returncode:
            have.unlink()
            raise SystemExit("npm で caniemail を入れられませんでした。 / npm could not install caniemail.")
    shutil.copy(LINT / "lint.mjs", _INSTALLED / "lint.mjs")
    return _INSTALLED


def small(png: bytes) -> bytes:
    """The picture with few colours: letters are text on paper."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    # What is flat keeps its very colour; the edges of letters share the rest.
    counted: list[tuple[int, Any]] = image.getcolors(1 << 24) or []
    flat = [colour for _, colour in sorted(counted, reverse=True)[:_FLAT]]
    edges = image.quantize(_COLOURS - _FLAT, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(part for colour in flat for part in colour), *(edges.getpalette() or [])][: 3 * _COLOURS])
    out = io.BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "PNG", optimize=True, bits=4)
    return out.getvalue()


def take(wanted: list[Shot], browser: str) -> None:
    """Takes the pictures and keeps them."""
    with camera(browser) as open_camera:
        for shot in wanted:
            _keep(shot, open_camera)


def _keep(shot: Shot, open_camera: Camera) -> None:
    shot.file.parent.mkdir(parents=True, exist_ok=True)
    shot.file.write_bytes(small(open_camera.png(shot.html, width=shot.width, scheme=shot.scheme)))


def main() -> int:
    """Renders, checks, takes what changed, removes what is gone, writes the index."""
    made = pages()
    browser = find_browser()
    if browser is None:
        raise SystemExit("画像を作るには Chromium が必要です。 / Taking pictures needs Chromium.")
    found = lint(made)
    if found:
        ja = "次のものは、ここに挙げたメールソフトでは表示されません。文面を直すか、理由を添えて許してください"
        en = "These mail programs cannot show this. Change the letter, or allow it with a reason"
        print(f"{ja if environment_lang() == 'ja' else en}: tools/caniemail/allowed.json", *found, sep="\n  ")
        return 1
    before = read_index().get("pictures", {})
    every = list(shots(made))
    stale = [shot for shot in every if before.get(shot.name) != shot.hash or not shot.file.is_file()]
    take(stale, browser)
    names = {shot.file for shot in every}
    for gone in sorted(set(FOLDER.rglob("*.png")) - names):
        gone.unlink()
    index = {"allowed": allowed_hash(), "pictures": {shot.name: shot.hash for shot in sorted(every)}}
    INDEX.write_text(json.dumps(index, indent=1) + "\n", "utf-8")
    size = sum(shot.file.stat().st_size for shot in every)
    print(f"{len(every)} pictures, {len(stale)} taken, {size / 1e6:.1f} MB, largest {_largest(every) / 1e3:.0f} kB")
    return 0


def _largest(every: list[Shot]) -> int:
    return max((os.stat(shot.file).st_size for shot in every), default=0)


if __name__ == "__main__":
    sys.exit(main())
