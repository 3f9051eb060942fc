"""The public report of a month, made with the tables of last month: a reader with a solver, who has both, works out nothing hidden.

The authorities are small, so that there is much to hide; some began a year ago, so that the months of a report are all that they have on record.
"""

from dataclasses import replace
from datetime import date

import pytest

import ehcptime as ehc
from report_reader import told, two_months

DAYS = (date(2025, 6, 30), date(2025, 7, 31))


def authority(cases, seed, since="2000-01-01"):
    extract = ehc.simulate(cases, as_at=DAYS[1], seed=seed)
    ids = extract.cases.loc[extract.cases["received_date"] >= since, "case_id"]
    parts = ("cases", "advice", "exemptions")
    return replace(
        extract, **{name: getattr(extract, name)[lambda rows: rows["case_id"].isin(ids)] for name in parts}
    )


AUTHORITIES = {
    "foi": {"cases": 60, "seed": 1},
    "monthly": {"cases": 150, "seed": 2, "since": "2024-08-01"},
    "public": {"cases": 100, "seed": 3},
    "health": {"cases": 60, "seed": 4},
}


@pytest.mark.parametrize("preset", AUTHORITIES)
def test_nothing_hidden_can_be_worked_out_from_two_reports(preset):
    extract = authority(**AUTHORITIES[preset])
    provider = extract.advice["provider"].mode()[0] if preset == "health" else None
    found, hidden = told(*two_months(extract, DAYS, preset, provider))
    assert hidden > 50
    assert found == []


def test_what_a_public_forecast_takes_from_the_record_is_not_printed():
    """Of 177 requests in a year 3 came in August: a weight of 0.205 of a mean month would give them back."""
    made = ehc.simulate(2000, as_at=DAYS[1], seed=1)
    weights = ehc.scenario(ehc.track(made.cases, as_at=DAYS[1]), weeks=52, runs=100).assumptions
    (weights,) = weights.loc[weights["assumption"] == "month_weights", "value"]
    inside, public = (
        ehc.report(made, as_at=DAYS[1], preset="monthly", audience=who).html for who in ("internal", "public")
    )
    printed = ", ".join(f"{weight:.3g}" for weight in weights)
    assert printed in inside
    assert printed not in public
    assert "it could give a hidden number back" in public
