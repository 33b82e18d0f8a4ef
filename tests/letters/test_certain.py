"""What a template shows everybody, whatever its conditions say."""

import pytest

from hagukumi.letters.context import VOCABULARY
from hagukumi.letters.parts import compiled

STOP = "{{ refuse_url }}"


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        (STOP, True),
        ("{% include '_layout/foot.txt' %}", True),
        ("{% if account.beds is defined %}" + STOP + "{% endif %}", False),
        ("{% if account.beds is defined %}{% include '_layout/foot.txt' %}{% endif %}", False),
        ("{% if account.beds is defined %}" + STOP + "{% else %}" + STOP + "{% endif %}", True),
        ("{% if 1 == 2 %}" + STOP + "{% elif 1 == 3 %}" + STOP + "{% endif %}", False),
        ("{% if 1 == 2 %}" + STOP + "{% elif 1 == 3 %}{% else %}" + STOP + "{% endif %}", False),
        ("{% if refuse_url is defined %}" + STOP + "{% endif %}", True),
        ("{{ refuse_url if account.beds is defined else 'none' }}", False),
        ("{{ refuse_url if account.beds is defined else refuse_url }}", True),
        ("{{ 'there' if refuse_url is defined else 'none' }}", False),
        ("{% for one in [] %}" + STOP + "{% endfor %}", False),
        ("{% for one in [1, 2] %}" + STOP + "{% endfor %}", True),
        ("{{ refuse_url | upper }}", True),
        ("{% if account.beds is defined %}{% if 1 == 1 %}" + STOP + "{% endif %}{% endif %}", False),
    ],
)
def test_a_name_is_certain_only_outside_of_conditions_or_in_every_branch(text: str, certain: bool) -> None:
    part, problems = compiled("a.ja.txt", {"a.ja.txt": text, "_layout/foot.txt": STOP}, VOCABULARY, frozenset())
    assert part is not None and problems == []
    assert ("refuse_url" in part.always) is certain
