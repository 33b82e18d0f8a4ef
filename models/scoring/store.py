"""Models in files, by skops: data, never code. A foreign, changed or too new file is refused. See `packed` and `load`.

A file is a zip of about.json (everything but the pipeline), pipeline.skops, and seal.json: the mark of both, sealed by
the keys of whoever made it. Only types of ALLOWED, and those that skops itself trusts, are ever made.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import sys
import zlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from models.scoring.calibration import Calibration
from models.scoring.columns import Encoding
from models.scoring.model import Model
from models.scoring.steady import steady

FORM = 2
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
ABOUT, PIPELINE, SEAL = "about.json", "pipeline.skops", "seal.json"


class Refused(Exception):
    """A file that is not used. code: one of words/learning.REFUSALS; details fill its sentence."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(code, *details)
        self.code, self.details = code, details


class Stored(NamedTuple):
    """A model with its card (plain data), the hash of its file, and the mark of what is in it, whoever sealed it."""

    model: Model
    card: dict[str, Any]
    digest: str
    mark: str


def versions() -> dict[str, str]:
    """What a model depends on: it is used by the same minor versions only."""
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}", **{name: version(name) for name in PINNED}}


def packed(model: Model, card: dict[str, Any], keys: Sequence[bytes] = ()) -> bytes:
    """The model's file: the same bytes for the same model and keys. keys: of whoever shall take it as their own."""
    import skops.io

    about = {
        "form": FORM, "versions": versions(), "candidate": model.candidate, "encoding": model.encoding.as_data(),
        "calibration": model.calibration.as_data(), "typical": list(model.typical), "card": card,
    }  # fmt: skip
    parts = {ABOUT: json.dumps(about, ensure_ascii=False).encode(), PIPELINE: steady(skops.io.dumps(model.pipeline))}
    mark = _mark(parts)
    parts[SEAL] = json.dumps({"mark": mark, "seals": [_seal(key, mark) for key in keys]}).encode()
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return whole.getvalue()


def mark_of(content: bytes) -> str:
    """The mark of a file that `packed` has just made: its name may say it, for it depends on the model alone."""
    return _mark(_parts(content, ""))


def _mark(parts: dict[str, bytes]) -> str:
    each = b"".join(hashlib.sha256(parts[name]).digest() for name in (ABOUT, PIPELINE))
    return hashlib.sha256(each).hexdigest()


def _seal(key: bytes, mark: str) -> str:
    return hmac.new(key, mark.encode(), hashlib.sha256).hexdigest()


def write(path: Path, content: bytes) -> None:
    """Writes a file in one go. Raises OSError; nothing half-written stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, digest: str | None = None, keys: Sequence[bytes] | None = None) -> Stored:
    """Reads a model. digest: the sha256 it had when it was stored; where it is known nothing else is taken.

    keys: only what one of them has sealed is taken; None: whoever made it, as long as it is whole.
    Raises Refused: model-missing, model-foreign, model-changed, model-stranger, model-versions.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("model-foreign", path.name, "")
        content = path.read_bytes()
    except OSError:
        raise Refused("model-missing", path.name) from None
    return unpacked(content, path.name, digest, keys)


def unpacked(content: bytes, name: str, digest: str | None = None, keys: Sequence[bytes] | None = None) -> Stored:
    """The model of a file's content; as `load`."""
    found = hashlib.sha256(content).hexdigest()
    if digest is not None and found != digest:
        raise Refused("model-changed", name)
    parts = _parts(content, name)
    try:
        about = json.loads(parts[ABOUT])
        _check_versions(name, about)
        mark = _checked(parts, name, keys)
        model = Model(
            str(about["candidate"]), Encoding.from_data(about["encoding"]), _pipeline(parts[PIPELINE], name),
            Calibration.from_data(about["calibration"]), tuple(map(float, about["typical"])),
        )  # fmt: skip
        _only_ours(model)
        return Stored(model, dict(about["card"]), found, mark)
    except Refused:
        raise
    except Exception:
        # Whatever a changed file makes the readers stumble over: it is not a model of ours any more.
        raise Refused("model-foreign", name, "") from None


def _checked(parts: dict[str, bytes], name: str, keys: Sequence[bytes] | None) -> str:
    """The mark, when it is that of the parts; where keys are given, one of them must have sealed it."""
    seal = json.loads(parts[SEAL])
    mark = _mark(parts)
    if seal["mark"] != mark:
        raise Refused("model-changed", name)
    given = [str(each) for each in seal["seals"]]
    if keys is not None and not any(hmac.compare_digest(_seal(key, mark), each) for key in keys for each in given):
        raise Refused("model-stranger", name)
    return mark


def _parts(content: bytes, name: str) -> dict[str, bytes]:
    """The parts, whole and of a size that does not fill the memory. Files of an earlier form have no seal."""
    try:
        with ZipFile(io.BytesIO(content)) as file:
            names = sorted(file.namelist())
            if names not in ([ABOUT, PIPELINE], [ABOUT, PIPELINE, SEAL]) or _unpacked_size(file) > LARGEST:
                raise Refused("model-foreign", name, "")
            if file.testzip() is not None:
                raise Refused("model-changed", name)
            parts = {each: file.read(each) for each in names}
        with ZipFile(io.BytesIO(parts[PIPELINE])) as inner:
            if _unpacked_size(inner) > LARGEST:
                raise Refused("model-foreign", name, "")
    except zlib.error:
        raise Refused("model-changed", name) from None
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Refused("model-foreign", name, "") from None
    return parts


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
