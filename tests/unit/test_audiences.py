"""What each audience is given."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import for_audience

TABLES = {"backlog": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]})}
CASES = {"list": pd.DataFrame({"case_id": ["C-1"], "open": [9]})}


def opened(audience, **choices):
    return for_audience(TABLES, audience=audience, **choices)["backlog"]["open"].tolist()


def test_who_is_given_what():
    assert opened("internal") == opened("provider") == [3, 8, 11]
    assert opened("public") == ["[c]", "[c]", 11]
    assert opened("public", threshold=3) == [3, 8, 11]


def test_the_tables_of_last_time_count_for_the_public():
    before = {"whole": pd.DataFrame({"numerator": [40]})}
    now = {"whole": pd.DataFrame({"numerator": [42]})}
    assert for_audience(now, audience="public", previous=before)["whole"]["numerator"].tolist() == ["[c]"]


@pytest.mark.parametrize("column", ["case_id", "person_id", "caseworker"])
@pytest.mark.parametrize("audience", ["provider", "public"])
def test_lists_of_cases_stay_inside(audience, column):
    with pytest.raises(InputError, match=column):
        for_audience({"list": CASES["list"].rename(columns={"case_id": column})}, audience=audience)


def test_lists_of_cases_go_to_those_inside():
    assert for_audience(CASES, audience="internal")["list"] is CASES["list"]


def test_another_audience_is_refused():
    with pytest.raises(CommandError, match="audience must be one of internal, provider, public"):
        for_audience(TABLES, audience="board")
