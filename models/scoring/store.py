"""Models in files, by skops: data, never code. A foreign, changed or too new file is refused. See `save` and `load`.

A file is a zip of about.json (everything but the pipeline, and the pipeline's hash) and pipeline.skops. Only types of
ALLOWED, and those of scikit-learn and numpy that skops itself trusts, are ever made.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from models.scoring.calibration import Calibration
from models.scoring.columns import Encoding
from models.scoring.model import Model

FORM = 1
ALLOWED = (
    "functools.partial",
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
)
"""What our pipelines hold beyond what skops trusts."""
LARGEST = 200_000_000
"""Bytes that a file may have, packed and unpacked."""
PINNED = ("scikit-learn", "numpy")
ABOUT, PIPELINE = "about.json", "pipeline.skops"


class Refused(Exception):
    """A file that is not used. code: one of words/learning.REFUSALS; details fill its sentence."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(code, *details)
        self.code, self.details = code, details


class Stored(NamedTuple):
    """A model with its card (plain data) and the hash of its file."""

    model: Model
    card: dict[str, Any]
    digest: str


def versions() -> dict[str, str]:
    """What a model depends on: it is used by the same minor versions only."""
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}", **{name: version(name) for name in PINNED}}


def packed(model: Model, card: dict[str, Any]) -> bytes:
    """The model's file."""
    import skops.io

    pipeline = skops.io.dumps(model.pipeline)
    about = {
        "form": FORM, "versions": versions(), "candidate": model.candidate, "encoding": model.encoding.as_data(),
        "calibration": model.calibration.as_data(), "typical": list(model.typical), "card": card,
        "pipeline": hashlib.sha256(pipeline).hexdigest(),
    }  # fmt: skip
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as parts:
        for name, part in ((ABOUT, json.dumps(about, ensure_ascii=False).encode()), (PIPELINE, pipeline)):
            parts.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return whole.getvalue()


def save(path: Path, model: Model, card: dict[str, Any]) -> str:
    """Stores the model and returns the sha256 of its file. Raises OSError."""
    content = packed(model, card)
    write(path, content)
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes) -> None:
    """Writes a file in one go. Raises OSError; nothing half-written stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, digest: str | None = None) -> Stored:
    """Reads a model. digest: the sha256 it had when it was stored; where it is known nothing else is taken.

    Raises Refused: model-missing, model-foreign, model-changed, model-versions.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("model-foreign", path.name, "")
        content = path.read_bytes()
    except OSError:
        raise Refused("model-missing", path.name) from None
    return unpacked(content, path.name, digest)


def unpacked(content: bytes, name: str, digest: str | None = None) -> Stored:
    """The model of a file's content; as `load`."""
    found = hashlib.sha256(content).hexdigest()
    if digest is not None and found != digest:
        raise Refused("model-changed", name)
    about, pipeline = _parts(content, name)
    try:
        _check_versions(name, about)
        if hashlib.sha256(pipeline).hexdigest() != about["pipeline"]:
            raise Refused("model-changed", name)
        model = Model(
            str(about["candidate"]), Encoding.from_data(about["encoding"]), _pipeline(pipeline, name),
            Calibration.from_data(about["calibration"]), tuple(map(float, about["typical"])),
        )  # fmt: skip
        _only_ours(model)
        return Stored(model, dict(about["card"]), found)
    except Refused:
        raise
    except Exception:
        # Whatever a changed file makes the readers stumble over: it is not a model of ours any more.
        raise Refused("model-foreign", name, "") from None


def _parts(content: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    """The two parts, whole and of a size that does not fill the memory."""
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sorted(parts.namelist()) != [ABOUT, PIPELINE] or _unpacked_size(parts) > LARGEST:
                raise Refused("model-foreign", name, "")
            if parts.testzip() is not None:
                raise Refused("model-changed", name)
            about = json.loads(parts.read(ABOUT))
            pipeline = parts.read(PIPELINE)
        with ZipFile(io.BytesIO(pipeline)) as inner:
            if _unpacked_size(inner) > LARGEST:
                raise Refused("model-foreign", name, "")
    except zlib.error:
        raise Refused("model-changed", name) from None
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Refused("model-foreign", name, "") from None
    if not isinstance(about, dict):
        raise Refused("model-foreign", name, "")
    return about, pipeline


def _unpacked_size(parts: ZipFile) -> int:
    return sum(part.file_size for part in parts.infolist())


def _pipeline(content: bytes, name: str) -> Any:
    import skops.io

    foreign = set(skops.io.get_untrusted_types(data=content)) - set(ALLOWED)
    if foreign:
        raise Refused("model-foreign", name, ", ".join(sorted(foreign)))
    return skops.io.loads(content, trusted=list(ALLOWED))


def _check_versions(name: str, about: dict[str, Any]) -> None:
    if about["form"] != FORM:
        raise Refused("model-versions", name, f"form {about['form']}", f"form {FORM}")
    mine = versions()
    for part, wanted in about["versions"].items():
        if _minor(str(wanted)) != _minor(mine.get(part, "-")):
            raise Refused("model-versions", name, f"{part} {wanted}", f"{part} {mine.get(part, '-')}")


def _minor(number: str) -> list[str]:
    return number.split(".")[:2]


def _only_ours(model: Model) -> None:
    """The pipeline is one of candidates.py, and its encoding fits it."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    if not isinstance(model.pipeline, Pipeline):
        raise ValueError("no pipeline")
    last = model.pipeline.steps[-1][1]
    if not isinstance(last, HistGradientBoostingClassifier | LogisticRegression):
        raise ValueError("no model of ours")
    if len(model.typical) != len(model.encoding.features) or model.pipeline.n_features_in_ != len(model.typical):
        raise ValueError("encoding and pipeline differ")
