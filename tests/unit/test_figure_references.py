"""Tables that cannot be given references, one for each way in which a row could not be told from another."""

from datetime import date

import pandas as pd
import pytest

from ehcptime import manifest
from ehcptime.errors import CommandError
from ehcptime.outputs.references import Asked, referenced

ASKED = Asked("backlog", {}, ["stage"])
TABLE = pd.DataFrame({"stage": ["assessing", "drafting"], "open": [7, 9]})


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            TABLE.assign(ref="x"),
            "a table of 'backlog' has a column 'ref' already: references cannot be given",
        ),
        (
            TABLE.drop(columns="stage"),
            "a table of 'backlog' has no column 'stage': references cannot be given",
        ),
        (
            TABLE.assign(stage="drafting"),
            "two rows of 'backlog' are about the same: references cannot be given",
        ),
    ],
)
def test_a_table_whose_rows_cannot_be_told_apart_by_name_is_refused(table, says):
    run = manifest({}, as_at=date(2025, 3, 31))
    assert referenced(TABLE, ASKED, run)[0]["ref"].is_unique
    with pytest.raises(CommandError, match=says):
        referenced(table, ASKED, run)
