"""A reader of two reports of one authority, a month apart, tries to work out what is hidden in either, with a solver.

He knows every printed number of both, and what is said here of how they add up, which was written down from what the tables mean and
is held by a nightly test to what the tables of many made-up authorities teach. He is taken to know a relation wherever the true
numbers bear it out: that of a small authority whose plans all count for DfE, say, is that issued and counted are the same.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ehcptime.outputs.audiences import for_audience
from ehcptime.outputs.pages.presets import preset_of
from ehcptime.outputs.pages.run import run_of
from ehcptime.outputs.pages.sections import tables_of

ABOUT = (
    "period",
    "line",
    "out_of",
    "measure",
    "cohort",
    "rule_book",
    "note",
    "why_left_out",
    "as_at",
    "complete",
)
THRESHOLD = 5
MOST = 10_000


class At(NamedTuple):
    """Where a count is printed: in which of the reports, in which table, for what, and in which column."""

    report: int
    table: str
    row: str
    column: str


def made(extract, as_at, preset, provider=None):
    """The tables of a report as they are, before any is hidden."""
    chosen = preset_of(preset)
    run = run_of(extract, as_at=as_at, preset=chosen, audience="public", kpis=(), provider=provider)
    return tables_of(run)


def two_months(extract, days, preset, provider=None):
    """The tables of two reports, as they are and as published, the second with the first as those of last time."""
    first, second = (made(extract, day, preset, provider) for day in days)
    then = for_audience(first, audience="public")
    return (first, second), (then, for_audience(second, audience="public", previous=then))


def counts_in(tables, report=1):
    """Every count by its place; whole numbers are counts, and a line's base stands once."""
    found = {}
    for name, frame in tables.items():
        columns = [column for column in frame if is_count(frame, column)]
        labels = labels_of(name, frame)
        for row in range(len(frame)):
            for column in columns:
                label = frame["out_of"].iloc[row] if column == "of" else labels[row]
                found[At(report, name, str(label), column)] = (name, row, column)
    return found


def is_count(frame, column):
    return (
        column not in ABOUT and pd.api.types.is_integer_dtype(frame[column]) and not column.endswith("_days")
    )


def labels_of(name, frame):
    if name.startswith("trend_"):
        return frame["period"].tolist()
    others = [
        column for column in frame if column not in ABOUT and not pd.api.types.is_numeric_dtype(frame[column])
    ]
    names = [column for column in ("period", "line", "measure") if column in frame] + others
    return ["/".join(map(str, row)) for row in frame[names].drop(columns="kind", errors="ignore").to_numpy()]


class Known:
    """What the reader knows of how counts add up, as sums that are 0 or not below 0, in so far as the true numbers bear it out."""

    def __init__(self, values):
        self.values = values
        self.sums = []  # terms, and the largest that they may come to
        self.by = defaultdict(dict)  # counts by report, table and row
        for at in values:
            self.by[at.report, at.table, at.row][at.column] = at

    def same(self, whole, *parts):
        """The whole is its parts."""
        self._add(whole, parts, 0)

    def within(self, whole, *parts):
        """The parts are in the whole, and there may be others."""
        self._add(whole, parts, np.inf)

    def same_or_within(self, whole, *parts):
        """The parts are all of the whole in many authorities, and in others there is more."""
        self.same(whole, *parts)
        self.within(whole, *parts)

    def _add(self, whole, parts, most):
        wholes, parts = _listed([whole]), _listed(parts)
        if not wholes or not parts or None in wholes or None in parts:
            return
        terms = defaultdict(int)
        for sign, there in ((1, wholes), (-1, parts)):
            for at in there:
                terms[at] += sign
        self.zero(terms, most)

    def zero(self, terms, most=0):
        """A sum is 0, or not below 0 and at most some number, if the true numbers bear it out."""
        if 0 <= sum(weight * self.values[at] for at, weight in terms.items()) <= most:
            self.sums.append((dict(terms), most))

    def get(self, report, table, row, column):
        return self.by.get((report, table, row), {}).get(column)

    def rows(self, report, table):
        return sorted({row for r, t, row in self.by if (r, t) == (report, table)})

    def column(self, report, table, column):
        """All counts of a column, in the order of the rows."""
        return [at for row in self.rows(report, table) if (at := self.get(report, table, row, column))]


def _listed(things):
    found = []
    for thing in things:
        found += _listed(thing) if isinstance(thing, list) else [thing]
    return found


def knowledge(values):
    """All that the reader knows."""
    known = Known(values)
    for report in sorted({at.report for at in values}):
        for (r, _, _), row in list(known.by.items()):
            if r == report:
                in_a_row(known, row.get)
        in_a_period(known, report)
        over_all(known, report)
        breakdowns(known, report)
    if len({at.report for at in values}) > 1:
        from_month_to_month(known)
    return known


def in_a_row(known, of):
    """What the columns of one row come to."""
    flow_in, flow_out = (
        [of("opening"), of("opened")],
        ["refused", "no_plan", "issued", "withdrawn", "left", "closing"],
    )
    known.same(flow_in, *map(of, flow_out))
    known.within(of("opened"), of("of_which_reopened"))
    known.within(of("denominator"), of("numerator"), of("unknown"))
    known.within(of("denominator"), of("numerator"))
    known.same(of("due"), of("in_time"), of("late"), of("outstanding"))
    asked = ["due", "not_due", "unknown", "not_required"]
    known.same(of("requested"), *map(of, asked))
    known.within(of("requested"), *map(of, asked[:1]))
    known.same(of("due"), of("due_not_exempt"), of("missed_appointments"))
    known.within(of("due"), of("due_not_exempt"))
    known.within(of("in_time"), of("in_time_not_exempt"))
    known.within(of("due_not_exempt"), of("in_time_not_exempt"))
    known.within(of("requested"), of("sent_only"))
    known.within(of("not_required"), of("existing_sufficient"))
    known.same(
        of("returned"),
        *map(of, ["returned_in_time", "returned_late", "returned_unknown", "returned_no_limit"]),
    )
    known.same(of("rounds"), of("services"), of("asked_again"))
    known.within(of("rounds"), of("answers"))
    known.within(of("answers"), of("rejected"))
    known.same(of("plans"), of("in_hand"), of("not_in"), of("unknown"))
    known.same(of("asked"), of("told"), of("untold"))
    known.within(of("told"), of("last"))


def of_one_kind(known, inc, exc, to_52, over_52):
    """Measures of plans issued are parts of each other; each is a function from a column to a count."""
    for other in (to_52, over_52):
        known.same(inc("denominator"), other("denominator"))
        known.same(inc("unknown"), other("unknown"))
        known.same(inc("left_out"), other("left_out"))
    known.same(inc("denominator"), inc("numerator"), to_52("numerator"), over_52("numerator"), inc("unknown"))
    known.within(inc("denominator"), inc("numerator"), to_52("numerator"))
    known.within(inc("denominator"), exc("denominator"))
    known.within(inc("numerator"), exc("numerator"))
    known.same(inc("unknown"), exc("unknown"))


PLANS = ("plans_issued_20wk_inc", "plans_issued_20wk_exc", "plans_20_52wk_inc", "plans_over_52wk_inc")


def in_a_period(known, report):
    """What the tables say of one period."""
    periods = known.rows(report, "trend_plans_issued_20wk_inc")
    for number, period in enumerate(periods):

        def of(table, column, at=period):
            return known.get(report, table, at, column)

        of_one_kind(known, *(lambda column, name=name: of(f"trend_{name}", column) for name in PLANS))
        known.same_or_within(of("flow", "issued"), of("trend_plans_issued_20wk_inc", "denominator"))
        known.within(of("trend_request_decisions_6wk", "denominator"), of("flow", "refused"))
        if number + 1 < len(periods):
            known.same(of("flow", "closing"), of("flow", "opening", periods[number + 1]))
    known.same(known.get(report, "open_by_age", "all", "open"), known.column(report, "flow", "closing")[-1:])


def over_all(known, report):
    """What the tables say of all requests on record, and of the periods added up."""

    def whole(name):
        return lambda column: known.get(report, "whole_record", name, column)

    of_one_kind(known, *map(whole, PLANS))
    measures = known.rows(report, "whole_record")
    for name in measures:
        of, first = whole(name), whole(measures[0])
        everyone = ("denominator", "not_due", "left_out")
        known.same([first(column) for column in everyone], *map(of, everyone))
        for column in ("numerator", "denominator", "unknown", "not_due"):
            known.same_or_within(of(column), known.column(report, f"trend_{name}", column))
    known.same(whole("plans_due_20wk")("unknown"), whole("plans_issued_20wk_inc")("unknown"))
    for name in PLANS[1:]:
        flagged = [known.get(report, "flagged", one, "flagged") for one in (PLANS[0], name)]
        known.same(*flagged)
    problem = {
        row.split("/")[-1]: at
        for row in known.rows(report, "problems")
        if (at := known.get(report, "problems", row, "rows"))
    }
    unknown = whole("plans_issued_20wk_inc")("unknown")
    known.same(unknown, problem.get("no_start_date"), problem.get("assessment_outcome_before_received"))
    known.same(unknown, problem.get("no_start_date"))
    decided(known, report, whole)


def decided(known, report, whole):
    def line(name):
        return known.get(report, "decisions", name, "count")

    def of(name):
        return known.get(report, "decisions", name, "of")

    def flow(*names):
        return [at for name in names for at in known.column(report, "flow", name)] or None

    known.same(of("requests"), line("requests"))
    known.same(of("rows"), line("requests"), line("left_out"))
    known.same(of("rows"), *map(whole("plans_issued_20wk_inc"), ("denominator", "left_out")))
    known.same(of("decisions whether to assess"), line("agreed_to_assess"), line("refused_to_assess"))
    known.same(of("decisions whether to assess"), whole("request_decisions_6wk")("denominator"))
    known.within(
        of("requests"), of("decisions whether to assess"), line("undecided"), line("ended_before_decision")
    )
    known.same(line("refusal_rate"), line("refused_to_assess"))
    known.same(of("refusals to assess"), line("refused_to_assess"))
    known.same(of("reversals of refusals to assess"), line("reversed_to_assess"))
    known.same(of("assessments"), line("assessments"))
    known.within(line("assessments"), line("agreed_to_assess"), line("reversed_to_assess"))
    known.within(
        line("assessments"),
        *map(line, ["agreed_to_issue", "refused_to_issue", "assessment_ended", "assessment_open"]),
    )
    known.same(of("decisions whether to issue a plan"), line("agreed_to_issue"), line("refused_to_issue"))
    known.same(line("no_plan_rate"), line("refused_to_issue"))
    known.same(of("refusals to issue"), line("refused_to_issue"))
    known.same(of("reversals of refusals to issue"), line("reversed_to_issue"))
    for to in ("assess", "issue"):
        routes = [row for row in known.rows(report, "decisions") if row.startswith(f"reversed_to_{to}_by")]
        known.same(line(f"reversed_to_{to}"), [line(route) for route in routes])
        known.within(line(f"refused_to_{to}"), line(f"reversed_to_{to}"))
    known.same(line("ended_otherwise"), line("ended_before_decision"), line("assessment_ended"))
    known.within(line("ended_otherwise"), line("withdrawn"))
    known.within(line("asked_again_within_12_months"), line("asked_again_within_6_months"))
    known.within(line("agreed_to_issue"), whole("plans_issued_20wk_inc")("denominator"))
    known.within(line("agreed_to_issue"), flow("issued"))
    known.same_or_within(line("refused_to_assess"), flow("refused"))
    known.same_or_within(line("refused_to_issue"), flow("no_plan"))
    known.same_or_within(line("withdrawn"), flow("withdrawn"))
    known.same_or_within(line("ended_otherwise"), flow("withdrawn", "left"))
    known.same_or_within([line("requests"), *(flow("of_which_reopened") or [None])], flow("opened"))


def breakdowns(known, report):
    """Groups and their totals: bands of age, kinds of advice, months of a provider."""
    for table in sorted({table for r, table, _ in known.by if r == report}):
        if table in ("open_by_age", "year_in_hand") or table.startswith("equality_"):
            adds_up(known, report, table)
    kinds = defaultdict(list)
    for row in known.rows(report, "contributions"):
        kinds[row.rpartition("/")[0]].append(row)
    for group, rows in kinds.items():
        for column, at in known.by.get((report, "contributions", f"{group}/all"), {}).items():
            others = [row for row in rows if row != f"{group}/all"]
            known.same(at, [known.get(report, "contributions", row, column) for row in others])
    last = known.rows(report, "due_last_month")
    for row in last:
        for column, at in known.by[report, "due_last_month", row].items():
            known.same(at, known.get(report, "due_by_month", row, column))
    for row in known.rows(report, "due"):
        group = row.removeprefix("all/")
        months = [other for other in known.rows(report, "due_by_month") if other.partition("/")[2] == group]
        for column, at in known.by[report, "due", row].items():
            known.same_or_within(at, [known.get(report, "due_by_month", month, column) for month in months])


def adds_up(known, report, table):
    """Groups are all of those that the last breakdown of the same requests has, and all that are open are one number."""
    every = {row.rpartition("/")[2] == "all": row for row in known.rows(report, table)}.get(True)
    for column, at in known.by.get((report, table, every), {}).items():
        known.same(
            at, [known.get(report, table, row, column) for row in known.rows(report, table) if row != every]
        )
        open_ = {"open": "all", "denominator": "all", "numerator": "52+"}.get(column)
        if table != "open_by_age" and not table.endswith("_due") and open_:
            known.same(known.get(report, "open_by_age", open_, "open"), at)
        elif table.endswith("_due"):
            others = sorted(
                t for r, t, _ in known.by if r == report and t.startswith("equality_") and t.endswith("_due")
            )
            first = next(row for row in known.rows(report, others[0]) if row.rpartition("/")[2] == "all")
            known.same(known.get(report, others[0], first, column), at)


def from_month_to_month(known):
    """What has not changed since last month is the same; a plan due on the very last day may have been late since."""
    ends = known.rows(0, "trend_plans_issued_20wk_inc")[-1:]
    for at in list(known.values):
        if at.report == 0 and (
            at.table.startswith("trend_") or at.table in ("flow", "due_by_month", "returned_by_month")
        ):
            now = known.get(1, *at[1:])
            known.same(now, at)
            if at.column in ("numerator", "denominator"):
                known.within(now, at)
            if at.column == "denominator" and at.row in ends:
                known.same(
                    [now, known.get(1, at.table, at.row, "not_due")],
                    at,
                    known.get(0, at.table, at.row, "not_due"),
                )
        elif at.report == 0 and at.table in ("whole_record", "decisions", "due"):
            known.same(known.get(1, *at[1:]), at)
    for end in ends:
        known.same(known.get(0, "open_by_age", "all", "open"), known.get(1, "flow", end, "closing"))


def told(tables, published, learned=lambda _: ()):
    """Hidden counts that have one possible value, and how many are hidden.

    Of the first report those are tried that are small: another that was hidden beside one of them may be printed in the second. What the
    first printed is told already, whatever the second does, and 0, hidden only where a table is withheld, is no secret.
    `learned` gives more sums of counts, from the places of all, that are 0.
    """
    places = {
        at: where for number, some in enumerate(tables) for at, where in counts_in(some, number).items()
    }
    values = {
        at: int(tables[at.report][name][column].iloc[row]) for at, (name, row, column) in places.items()
    }
    shown = {at: published[at.report][name][column].iloc[row] for at, (name, row, column) in places.items()}
    hidden = [at for at, value in shown.items() if isinstance(value, str)]
    assert all(shown[at] == values[at] for at in shown.keys() - set(hidden)), (
        "a printed number is not the true one"
    )
    known = knowledge(values)
    for terms in learned(values):
        known.zero(terms)
    found = _one_value(known, hidden, withheld(published))
    return [
        (*at, values[at])
        for at in found
        if (
            0 < values[at] < THRESHOLD
            if at.report == 0
            else values[at] not in (0, shown.get(at._replace(report=0)))
        )
    ], len(hidden)


def withheld(published):
    """Reports and tables in which every count is hidden, zeros as well."""
    return {
        (number, row.table)
        for number, some in enumerate(published)
        for row in some.hidden.itertuples()
        if row.withheld
    }


def _one_value(known, hidden, whole_tables):
    place = {at: number for number, at in enumerate(hidden)}
    low = [0 if (at.report, at.table) in whole_tables or not known.values[at] else 1 for at in hidden]
    rows = []
    for terms, most in known.sums:
        unknown = {place[at]: weight for at, weight in terms.items() if at in place and weight}
        printed = sum(weight * known.values[at] for at, weight in terms.items() if at not in place)
        if unknown:
            rows.append((unknown, -printed, most - printed))
    if not rows:
        return []
    matrix = csr_array(
        ([weight for row, _, _ in rows for weight in row.values()],
         ([number for number, (row, _, _) in enumerate(rows) for _ in row], [at for row, _, _ in rows for at in row])),
        shape=(len(rows), len(hidden)),
    )  # fmt: skip
    limits = LinearConstraint(matrix, [low_ for _, low_, _ in rows], [high for _, _, high in rows])
    truth = np.array([known.values[at] for at in hidden])
    in_doubt = np.zeros(len(hidden), dtype=bool)
    found = []
    for at, number in place.items():
        for sign in (1, -1):
            if in_doubt[number]:
                break
            goal = np.zeros(len(hidden))
            goal[number] = sign
            answer = milp(
                goal, constraints=limits, integrality=np.ones(len(hidden)), bounds=Bounds(low, MOST)
            )
            assert answer.status == 0, answer.message
            in_doubt |= np.rint(answer.x) != truth
        if not in_doubt[number]:
            found.append(at)
    return found
