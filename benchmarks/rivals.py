"""The same job done in other ways: what `track`, a month table and a backlog come to on a caseload with no awkward case in it.

Each way starts from the form that it likes best and gives `Answer`, so that answers are compared before anything is timed.
The awkward cases (reversed refusals, undated outcomes, codes that cannot be read, exemptions by rule) are ehcptime's alone.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl

import ehcptime as ehc
from bench import AS_AT, LIMITS, plain_pandas

NOW = (AS_AT - type(AS_AT)(1970, 1, 1)).days
FAR = np.int32(1 << 29)
RULES = (*LIMITS, "draft_comment")
STATUSES = ["not_applicable", "unknown", "too_soon", "met", "met_late", "ended_late", "overdue", "running"]
STAGES = ["not_received", "deciding", "assessing", "drafting", "finalising", "closed", "unknown"]
EDGES = [42, 84, 112, 140, 210, 364]
BANDS = ["0-6", "6-12", "12-16", "16-20", "20-30", "30-52", "52+"]
MEASURE = "plans_issued_20wk_inc"
NO, UNTOLD, SOON, MET, LATE, OVERDUE, RUNNING = (STATUSES.index(n) for n in (
    "not_applicable", "unknown", "too_soon", "met", "met_late", "overdue", "running"))  # fmt: skip
NAT = np.iinfo(np.int64).min


@dataclass
class Answer:
    """The columns as the way makes them, plans by month (month, in 20 weeks, all) and open cases by stage and band."""

    columns: Any
    months: list[tuple[str, int, int]]
    backlog: dict[tuple[str, str], int]


def as_it_is(cases):
    return cases


def ehcptime_way(cases):
    tracked = ehc.track(cases, as_at=AS_AT)
    table = ehc.timeliness(tracked, MEASURE, period="M")
    table = table[table["period"] != "unknown"]
    months = list(zip(table["period"], table["numerator"], table["denominator"], strict=True))
    bands = ehc.backlog(tracked)
    keys = zip(bands["stage"], bands["age_band"], strict=True)
    return Answer(tracked, months, dict(zip(keys, bands["open"], strict=True)))


def pandas_way(cases):
    """Straightforward vectorised pandas."""
    found = plain_pandas(cases, AS_AT)
    final = found["assessment_outcome_date"].where(found["assessment_outcome_date"] <= found["as_at"])
    in_time = (final - found["received_date"]).dt.days <= 140
    by_month = in_time[final.notna()].groupby(final.dropna().dt.to_period("M")).agg(["sum", "size"])
    months = [(str(month), int(n), int(of)) for month, n, of in by_month.itertuples()]
    is_open = found[found["is_open"]]
    band = pd.cut(is_open["age_days"].astype(int), [-1, *EDGES, 10**6], labels=BANDS)
    counts = is_open.groupby([is_open["stage"].astype(str), band], observed=False).size()
    return Answer(found, months, counts.to_dict())


def _days(values):
    days = (values.to_numpy().view(np.int64) // 86_400).astype(np.int32)
    days[values.to_numpy().view(np.int64) == NAT] = FAR
    days[days > NOW] = FAR
    return days


def numpy_way(cases):
    """A hand-tuned kernel: int32 days, the far future for what is missing, lookups, blocks that fit the cache, one bincount a table."""
    rows = len(cases)
    received = (cases["received_date"].to_numpy().view(np.int64) // 86_400).astype(np.int32)
    decided, draft, final = (
        _days(cases[name]) for name in ("request_outcome_date", "draft_sent_date", "assessment_outcome_date")
    )
    is_n = cases["request_outcome"].cat.codes.to_numpy() == cases["request_outcome"].cat.categories.get_loc(
        "N"
    )
    due = np.empty((5, rows), np.int64)
    status, over = np.empty((5, rows), np.int8), np.empty((5, rows), np.int32)
    stage, is_open, age = np.empty(rows, np.int8), np.empty(rows, bool), np.empty(rows, np.int32)
    begun = np.empty(rows, bool)
    for first in range(0, rows, 32_768):
        at = slice(first, first + 32_768)
        _numpy_block(
            (received[at], decided[at], draft[at], final[at], is_n[at]),
            (due[:, at], status[:, at], over[:, at], stage[at], is_open[at], age[at], begun[at]),
        )
    columns = {}
    for place, rule in enumerate(RULES):
        columns[f"{rule}_due"] = due[place].view("datetime64[s]")
        columns[f"{rule}_status"] = pd.Categorical.from_codes(status[place], STATUSES)
        columns[f"{rule}_days_over"] = pd.arrays.IntegerArray(over[place], status[place] <= UNTOLD)
        late = (status[place] == LATE) | (status[place] == OVERDUE)
        columns[f"{rule}_breach"] = (
            late if rule in {"request_decision", "plan_final"} else np.zeros(rows, bool)
        )
    columns["stage"] = pd.Categorical.from_codes(stage, STAGES)
    columns["is_open"], columns["age_days"] = is_open, pd.arrays.IntegerArray(age, ~begun)
    frame = pd.concat([cases, pd.DataFrame(columns, index=cases.index, copy=False)], axis=1)
    return Answer(frame, _numpy_months(received, final), _numpy_backlog(stage, is_open, age))


def _numpy_block(dates, out):
    received, decided, draft, final, is_n = dates
    due, status, over, stage, is_open, age, begun = out
    np.less_equal(received, NOW, out=begun)
    is_decided, is_drafted, is_final = decided != FAR, draft != FAR, final != FAR
    refused = is_n & is_decided
    acts = (decided, None, np.minimum(draft, final), final)
    for place, (days, act) in enumerate(zip((42, 112, 112, 140), acts, strict=True)):
        limit = received + np.int32(days)
        np.multiply(limit, 86_400, out=due[place], dtype=np.int64)
        if act is None:
            status[place], over[place] = NO, 0
            continue
        np.subtract(np.minimum(act, np.int32(NOW)), limit, out=over[place])
        late = (over[place] > 0).view(np.int8)
        after = UNTOLD if place == 2 else LATE
        status[place] = np.where(act != FAR, MET + (after - MET) * late, RUNNING - late)
        np.copyto(status[place], NO, where=~begun if place == 0 else refused | ~begun)
    window = draft + np.int32(14)
    np.multiply(window, 86_400, out=due[4], dtype=np.int64)
    np.copyto(due[4], NAT, where=~is_drafted)
    until = np.minimum(final, np.int32(NOW))
    over_yet = until > window
    status[4] = np.where(over_yet, MET, np.where(is_final, SOON, RUNNING))
    np.copyto(status[4], NO, where=~is_drafted | ~begun)
    np.subtract(window + 1, until, out=over[4])
    np.copyto(over[4], until - window, where=status[4] == RUNNING)
    stage[...] = np.where(is_drafted, 4, 1 + is_decided.view(np.int8))
    np.copyto(stage, 5, where=is_final | refused)
    np.copyto(stage, 0, where=~begun)
    np.logical_and(begun, ~(is_final | refused), out=is_open)
    np.subtract(np.minimum(np.where(refused, decided, final), np.int32(NOW)), received, out=age)


def _numpy_months(received, final):
    there = final != FAR
    issued, took = final[there], final[there] - received[there]
    low, high = issued.min(), issued.max()
    calendar = np.arange(low, high + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = calendar[issued - low] - calendar[0]
    counts = np.bincount(month * 2 + (took <= 140), minlength=2 * (int(month.max()) + 1)).reshape(-1, 2)
    labels = np.arange(calendar[0], calendar[0] + len(counts)).astype("datetime64[M]").astype(str)
    return [(str(name), int(n), int(late + n)) for name, (late, n) in zip(labels, counts, strict=True)]


def _numpy_backlog(stage, is_open, age):
    band = np.searchsorted(EDGES, np.arange(age.max() + 1))
    counts = np.bincount(stage[is_open] * np.int64(7) + band[age[is_open]], minlength=49).reshape(7, 7)
    return {(s, b): int(counts[i, j]) for i, s in enumerate(STAGES) for j, b in enumerate(BANDS)}


def polars_form(cases):
    frame = pl.from_pandas(cases)
    dates = [name for name in frame.columns if name.endswith("_date")]
    codes = pl.col("request_outcome", "assessment_outcome").cast(pl.String).cast(pl.Enum(["Y", "N"]))
    return frame.with_columns(pl.col(dates).cast(pl.Date), codes)


def _polars_rule(act, due, off, late):
    stop = pl.coalesce(act, pl.lit(AS_AT))
    status = (
        pl.when(off).then(pl.lit("not_applicable"))
        .when(act.is_null() & (stop > due)).then(pl.lit("overdue"))
        .when(act.is_null()).then(pl.lit("running"))
        .when(act <= due).then(pl.lit("met")).otherwise(pl.lit(late)).cast(pl.Enum(STATUSES))
    )  # fmt: skip
    return status, (stop - due).dt.total_days().cast(pl.Int32)


def polars_way(frame):
    """Lazy expressions in one query, with the engine's own threads."""
    received, now = pl.col("received_date"), pl.lit(AS_AT)
    decided, draft, final = (
        pl.when(pl.col(name) <= now).then(pl.col(name))
        for name in ("request_outcome_date", "draft_sent_date", "assessment_outcome_date")
    )
    first = frame.lazy().with_columns(decided=decided, draft=draft, final=final)
    decided, draft, final, begun = pl.col("decided"), pl.col("draft"), pl.col("final"), received <= now
    refused = (pl.col("request_outcome") == "N") & decided.is_not_null()
    acts = {
        "request_decision": decided,
        "issue_decision": pl.min_horizontal(draft, final),
        "plan_final": final,
    }
    columns = [(received + pl.duration(days=days)).alias(f"{rule}_due") for rule, days in LIMITS.items()]
    for rule, act in acts.items():
        off = ~begun if rule == "request_decision" else ~begun | refused
        due = received + pl.duration(days=LIMITS[rule])
        status, over = _polars_rule(act, due, off, "unknown" if rule == "issue_decision" else "met_late")
        columns += [status.alias(f"{rule}_status"), over.alias(f"{rule}_over")]
    window = draft + pl.duration(days=14)
    until = pl.coalesce(final, now)
    status = (
        pl.when(draft.is_null() | ~begun).then(pl.lit("not_applicable")).when(until > window).then(pl.lit("met"))
        .when(final.is_not_null()).then(pl.lit("too_soon")).otherwise(pl.lit("running")).cast(pl.Enum(STATUSES))
    )  # fmt: skip
    over = (until - window).dt.total_days().cast(pl.Int32)
    ended = final.is_not_null() | refused
    stage = (
        pl.when(~begun).then(pl.lit("not_received")).when(ended).then(pl.lit("closed"))
        .when(draft.is_not_null()).then(pl.lit("finalising")).when(decided.is_not_null()).then(pl.lit("assessing"))
        .otherwise(pl.lit("deciding")).cast(pl.Enum(STAGES))
    )  # fmt: skip
    end = pl.coalesce(pl.when(refused).then(decided), final, now)
    age = pl.when(begun).then((end - received).dt.total_days().cast(pl.Int32))
    columns += [
        pl.lit("not_applicable").cast(pl.Enum(STATUSES)).alias("plan_refusal_status"),
        window.alias("draft_comment_due"), status.alias("draft_comment_status"), over.alias("draft_comment_over"),
        stage.alias("stage"), (begun & ~ended).alias("is_open"), age.alias("age_days"),
    ]  # fmt: skip
    second = first.with_columns(columns)
    told = {rule: ~pl.col(f"{rule}_status").is_in(["not_applicable", "unknown"]) for rule in RULES}
    over = {rule: pl.when(told[rule]).then(pl.col(f"{rule}_over")) for rule in acts}
    comment = pl.col("draft_comment_over")
    running = pl.col("draft_comment_status") == "running"
    over["draft_comment"] = pl.when(told["draft_comment"]).then(
        pl.when(running).then(comment).otherwise(1 - comment)
    )
    over["plan_refusal"] = pl.lit(None, dtype=pl.Int32)
    late = {
        rule: pl.col(f"{rule}_status").is_in(["met_late", "overdue"])
        for rule in ("request_decision", "plan_final")
    }
    breach = [late.get(rule, pl.lit(False)).alias(f"{rule}_breach") for rule in RULES]
    third = second.with_columns(
        [*(value.alias(f"{rule}_days_over") for rule, value in over.items()), *breach]
    )
    found = third.drop("decided", "draft", *(f"{rule}_over" for rule in (*acts, "draft_comment"))).collect()
    issued = found.lazy().filter(pl.col("final").is_not_null())
    in_time = (pl.col("final") - pl.col("received_date")).dt.total_days() <= 140
    month = pl.col("final").dt.truncate("1mo").alias("month")
    by_month = issued.group_by(month).agg(in_time.sum().alias("n"), pl.len().alias("of"))
    stock = found.lazy().filter("is_open")
    band = pl.col("age_days").cut(EDGES, labels=BANDS).alias("band")
    by_band = stock.group_by("stage", band).len()
    months, bands = pl.collect_all([by_month.sort("month"), by_band])
    listed = [(month.strftime("%Y-%m"), n, of) for month, n, of in months.iter_rows()]
    return Answer(found, listed, {(s, b): n for s, b, n in bands.iter_rows()})


def duckdb_form(cases):
    link = duckdb.connect()
    link.execute("SET enable_progress_bar = false")
    dates = ", ".join(f"{name}::DATE AS {name}" for name in cases if name.endswith("_date"))
    link.register("given", cases)
    columns = f"case_id, {dates}, request_outcome::VARCHAR AS request_outcome"
    link.execute(f"CREATE TABLE cases AS SELECT {columns} FROM given")  # noqa: S608 - our own text
    return link


def _sql_rule(rule, act, late):
    off = "NOT begun" if rule == "request_decision" else "NOT begun OR refused"
    due = f"received_date + {LIMITS[rule]}"
    return f"""CASE WHEN {off} THEN 'not_applicable' WHEN {act} IS NULL AND now > {due} THEN 'overdue'
        WHEN {act} IS NULL THEN 'running' WHEN {act} <= {due} THEN 'met' ELSE '{late}' END AS {rule}_status,
        coalesce({act}, now) - ({due}) AS {rule}_over"""


def duckdb_way(link):
    """SQL over the engine's own table, with its own threads."""
    now = f"DATE '{AS_AT}'"
    due = ", ".join(f"received_date + {days} AS {rule}_due" for rule, days in LIMITS.items())
    acts = {"request_decision": ("decided", "met_late"), "issue_decision": ("least(draft, final)", "unknown"),
            "plan_final": ("final", "met_late")}  # fmt: skip
    rules = ", ".join(_sql_rule(rule, *how) for rule, how in acts.items())
    told = ", ".join(
        f"CASE WHEN {rule}_status NOT IN ('not_applicable', 'unknown') THEN {rule}_over END AS {rule}_days_over, "
        f"{rule}_status IN ('met_late', 'overdue') AND '{rule}' <> 'issue_decision' AS {rule}_breach"
        for rule in acts
    )
    dropped = ", ".join(f"{rule}_over" for rule in acts)
    query = f"""CREATE OR REPLACE TEMP TABLE found AS
        WITH a AS (SELECT *, {now} AS now, received_date <= {now} AS begun,
            CASE WHEN request_outcome_date <= {now} THEN request_outcome_date END AS decided,
            CASE WHEN draft_sent_date <= {now} THEN draft_sent_date END AS draft,
            CASE WHEN assessment_outcome_date <= {now} THEN assessment_outcome_date END AS final FROM cases),
        b AS (SELECT *, request_outcome = 'N' AND decided IS NOT NULL AS refused, coalesce(final, now) AS until,
            draft + 14 AS draft_comment_due FROM a),
        c AS (SELECT *, {due}, {rules}, 'not_applicable' AS plan_refusal_status,
            CASE WHEN draft IS NULL OR NOT begun THEN 'not_applicable' WHEN until > draft_comment_due THEN 'met'
                WHEN final IS NOT NULL THEN 'too_soon' ELSE 'running' END AS draft_comment_status,
            CASE WHEN NOT begun THEN 'not_received' WHEN refused OR final IS NOT NULL THEN 'closed'
                WHEN draft IS NOT NULL THEN 'finalising' WHEN decided IS NOT NULL THEN 'assessing' ELSE 'deciding' END AS stage,
            begun AND NOT refused AND final IS NULL AS is_open,
            CASE WHEN begun THEN (CASE WHEN refused THEN decided ELSE until END) - received_date END AS age_days FROM b)
        SELECT * EXCLUDE (now, begun, decided, draft, refused, until, {dropped}), {told},
            NULL::INT AS plan_refusal_days_over, false AS plan_refusal_breach, false AS draft_comment_breach,
            CASE WHEN draft_comment_status = 'not_applicable' THEN NULL WHEN draft_comment_status = 'running'
                THEN until - draft_comment_due ELSE draft_comment_due + 1 - until END AS draft_comment_days_over
        FROM c"""  # noqa: S608 - our own text
    link.execute(query)
    months = link.execute(
        "SELECT strftime(date_trunc('month', final), '%Y-%m') AS m, sum((final - received_date <= 140)::INT), count(*) "
        "FROM found WHERE final IS NOT NULL GROUP BY date_trunc('month', final) ORDER BY m"
    ).fetchall()
    edges = " ".join(
        f"WHEN age_days <= {edge} THEN '{band}'" for edge, band in zip(EDGES, BANDS, strict=False)
    )
    bands = link.execute(
        f"SELECT stage, CASE {edges} ELSE '52+' END AS band, count(*) FROM found WHERE is_open GROUP BY ALL"  # noqa: S608
    ).fetchall()
    return Answer(link, [(m, int(n), of) for m, n, of in months], {(s, b): n for s, b, n in bands})


WAYS = {
    "ehcptime": (as_it_is, ehcptime_way),
    "vectorised pandas": (as_it_is, pandas_way),
    "polars": (polars_form, polars_way),
    "DuckDB": (duckdb_form, duckdb_way),
    "hand-tuned NumPy": (as_it_is, numpy_way),
}


def plain(answer):
    """Give the columns of an answer in one form: days, texts and numbers as objects, None where there is nothing."""
    columns = answer.columns
    if isinstance(columns, duckdb.DuckDBPyConnection):
        columns = columns.execute("SELECT * FROM found ORDER BY case_id").df()
    elif isinstance(columns, pl.DataFrame):
        columns = columns.to_pandas()
    columns = columns.sort_values("case_id").reset_index(drop=True)
    names = [f"{rule}_{name}" for rule in RULES for name in ("due", "status", "days_over", "breach")]
    found = {}
    for name in (*names, "stage", "is_open", "age_days"):
        values = columns[name]
        if name.endswith("_due"):
            values = values.astype("datetime64[s]")
        elif name.endswith(("days_over", "age_days")):
            values = pd.array(values, dtype="Float64")
        found[name] = (
            pd.Series(values).astype(object).where(pd.Series(values).notna().to_numpy(), None).tolist()
        )
    return found, answer.months, {key: n for key, n in answer.backlog.items() if n}
