"""The demonstration: real decisions first, then a caseload, then the sentence that explains a falling rate."""

from datetime import date
from pathlib import Path
from typing import Any

import lazy_loader

import ehcptime as ehc
from ehcptime.cli.frames import show
from ehcptime.cli.screen import heading, say, table

pd = lazy_loader.load("pandas")

AS_AT = date(2024, 12, 31)
REQUESTS = 9_097  # what West Sussex received from 2019 to 2024 (DfE)
# Essex, January and March 2025: plans issued on time, and plans issued in all.
# https://maldon.nub.news/news/local-news/essex-send-application-crisis-worsens-259981
ESSEX_JANUARY, ESSEX_MARCH = (40, 113), (47, 178)
_CORE = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")


def run(out: Path) -> None:
    """Print the demonstration and write the caseload and a chart to a folder."""
    heading("1. Real cases: our dates beside what the court or the Ombudsman said")
    _decisions()
    heading("A case explained: R (JSC) v Cambridgeshire [2026] EWHC 68 (Admin)")
    _one_case()
    heading(f"2. A caseload the size of West Sussex, made up, at {AS_AT}")
    _caseload(out)
    heading("3. Why a rate falls while things improve: Essex, January to March 2025")
    _change()
    say("\nNext: `source .venv/bin/activate`, then `ehcptime --help`; or read notebooks/01_one_case.py.")


def _decisions() -> None:
    decisions = ehc.published_decisions()
    rows = []
    for decision in decisions[decisions["rule"].isin(_CORE) & decisions["start_date"].notna()].to_dict(
        "records"
    ):
        ours = ehc.LAW[decision["rule"]].due(decision["start_date"].date())
        theirs = decision["expected_due"].date()
        verdict = "agree" if ours == theirs else f"differ by {(ours - theirs).days} day: {decision['note']}"
        rows.append(
            (decision["source"], decision["rule"], decision["start_date"].date(), theirs, ours, verdict)
        )
    table(("source", "rule", "starts", "they say", "we say", ""), rows)
    agreed = sum(row[-1] == "agree" for row in rows)
    say(f"{agreed} of {len(rows)} agree to the day; the rest is shown as it is.")


def _one_case() -> None:
    case = ehc.Case(
        case_id="JSC",
        received_date=date(2025, 4, 2),
        request_outcome="Y",
        request_outcome_date=date(2025, 5, 29),
        assessment_outcome="N",
        assessment_outcome_date=date(2025, 10, 21),
    )
    found = ehc.timeline(case, as_at=date(2025, 10, 21))
    for rule in ("request_decision", "plan_refusal", "plan_final"):
        say(found.explain(rule) + "\n")


def _caseload(out: Path) -> None:
    folder = out / "sen2"
    ehc.write_sen2(ehc.simulate(REQUESTS, as_at=AS_AT, seed=1), folder, as_at=AS_AT)
    extract = ehc.read_sen2(folder)
    say(
        f"written to {folder} as a SEN2 blade export with its companions, and read back: {len(extract.cases):,} cases"
    )
    problems = ehc.check(
        extract.cases,
        as_at=AS_AT,
        advice=extract.advice,
        exemptions=extract.exemptions,
        closures=extract.closures,
        unread=extract.unread,
    )
    errors, queries, notes = (int(problems["severity"].eq(name).sum()) for name in ("error", "query", "info"))
    say(f"found by check: {errors:,} errors, {queries:,} queries and {notes:,} notes, planted on purpose\n")
    tracked = ehc.track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions)
    advice = ehc.track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)
    _measures(tracked)
    _backlog(tracked, out)
    say("\nAdvice: asked for, due, in time")
    given = ehc.contributions(advice)
    show(
        given[
            [
                "advice_type",
                "rule",
                "requested",
                "due",
                "in_time",
                "outstanding",
                "percent",
                "authority_lag_days",
                "provider_lag_days",
            ]
        ],
        None,
    )
    say("\nAt risk: the first open cases that reach a limit in the next 28 days")
    listed = ehc.at_risk(tracked, days=28, advice=advice)
    coming = listed[listed["days_left"].fillna(-1) >= 0]
    show(coming[["case_id", "stage", "due", "days_left", "waits_for", "why"]], None, rows=5)


def _measures(tracked: Any) -> None:
    rows = []
    for name in ("plans_due_20wk", "plans_issued_20wk_exc", "request_decisions_6wk"):
        by_year = ehc.timeliness(tracked, name, period="Y").set_index("period")
        rows.append(
            (ehc.MEASURES[name].title, *(_figure(by_year.loc[year]) for year in ("2022", "2023", "2024")))
        )
    waiting = ehc.timeliness(tracked, "open_over_20wk").iloc[0]
    table(("per cent on time", "2022", "2023", "2024"), rows)
    say(f"open over 20 weeks at {AS_AT}: {waiting['numerator']:,} of {waiting['denominator']:,} open cases")


def _figure(row: Any) -> str:
    return f"{row['percent']} ({row['numerator']:,} of {row['denominator']:,})"


def _backlog(tracked: Any, out: Path) -> None:
    stock = ehc.backlog(tracked)
    chart = ehc.plot_backlog(stock, out / "backlog.png", as_at=AS_AT)
    say(f"\n{chart}")
    wide = stock.pivot_table(
        index="stage", columns="age_band", values="open", sort=False, observed=True
    ).astype(int)
    show(wide.reset_index(), None)
    say(f"chart saved to {out / 'backlog.png'}")


def _change() -> None:
    before, after = (
        pd.DataFrame({"numerator": [on_time], "denominator": [issued]})
        for on_time, issued in (ESSEX_JANUARY, ESSEX_MARCH)
    )
    say(str(ehc.explain_change(before, after, "plans_issued_20wk_inc")))
    say(
        "Finishing old cases fills the figure with plans that were late already: the due cohort and the number waiting are the fairer test."
    )
