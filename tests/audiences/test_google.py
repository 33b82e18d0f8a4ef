"""Google Ads by Google's own package, against a gRPC server over TLS on this machine (experimental).

In a process of its own: the certificate has to be known before gRPC first looks for any.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hagukumi.settings import GoogleAds
from hagukumi.words.refusal import NotDone

pytest.importorskip("google.ads.googleads", reason="the extra `ads` is not installed: tools/install-ads")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What tests/audiences/google_story.py lived through."""
    folder = tmp_path_factory.mktemp("google")
    environment = {**os.environ, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(folder / "roots.pem")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.audiences.google_story", str(folder)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    assert "yamada" not in done.stderr and "quotes" not in done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def test_the_list_is_made_once_with_its_days_and_filled_in_lots(told: Any) -> None:
    assert told["names"] == ["Hagukumi ours"] and told["days"] == [540]
    assert told["first"] == [5, 0] and max(told["lots"]) == 2
    assert told["after_first"] == told["expected"]


def test_who_refuses_is_removed_by_a_job_of_its_own_and_consent_is_told_for_those_added_only(told: Any) -> None:
    assert told["second"] == [0, 1] and told["left"] == 4
    assert told["consents"] == [["GRANTED", "GRANTED"], ["UNSPECIFIED", "UNSPECIFIED"]]
    assert len(told["ran"]) == 2


def test_a_list_from_before_a_crash_is_found_by_its_name(told: Any) -> None:
    assert told["lists_after_crash"] == 1


def test_every_call_carries_the_token_of_the_account(told: Any) -> None:
    assert told["bearers"] == ["Bearer bearer-of-a-test"]


def test_a_refusal_is_kept_as_a_code_and_the_next_push_tells_the_same(told: Any) -> None:
    assert told["refused"] == "audience-not-taken" and "(PERMISSION_DENIED)" in told["refused_words"]
    assert told["states"][-2:] == ["failed", "settled"]


def test_without_an_account_or_with_a_file_that_is_none_it_says_what_is_missing(tmp_path: Path) -> None:
    from hagukumi.channels.ads.google import open_google

    with pytest.raises(NotDone) as refused:
        open_google(GoogleAds(), tmp_path)
    assert refused.value.code == "audience-settings"
    file = tmp_path / "google-ads.yaml"
    file.write_text("developer_token: x\n", "utf-8")
    file.chmod(0o600)
    with pytest.raises(NotDone) as refused:
        open_google(GoogleAds(customer="1", config_file="google-ads.yaml"), tmp_path)
    assert refused.value.code == "audience-settings"
