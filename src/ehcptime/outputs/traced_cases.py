"""Cases behind printed figures: open, issued, late, of a measure, of a year, of the stock of a period, and what is listed of them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.traced_cohorts import ELSEWHERE, IN, OUT, Cohort, Given, all_of, by_day, cohort_of
from ehcptime.outputs.traced_questions import At
from ehcptime.questions.backlog import UNKNOWN_BAND, age_bands
from ehcptime.questions.bands import AGE_WEEKS, band_labels
from ehcptime.questions.check import check
from ehcptime.questions.day_counts import OUTCOMES, OUTSIDE, fates
from ehcptime.questions.delay import late_cases
from ehcptime.questions.letters import expected_letters
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import ALL, label, last_day
from ehcptime.questions.timeliness import periods_in
from ehcptime.questions.tracked import tracked_cases
from ehcptime.questions.waiting import waiting
from ehcptime.tracking.track import track

_FIRST_YEAR = 1990  # before every request under the Act


def of_measure(at: At, given: Given) -> Cohort:
    """The parts of a measure, by the period in which each row falls; plans due before `due_from` are left out."""
    measure = MEASURES[given["measure"]]
    rows = at.rows_of(measure.id)
    decided = parts(rows, measure, advice=at.beside(measure.id))
    place, names, _ = periods_in(decided, None if measure.cohort == "open" else given.get("period"), rows)
    part, reason = (decided[name].astype(str).to_numpy(dtype=object) for name in ("part", "reason"))
    if given.get("due_from") and measure.cohort == "due":
        before = (decided["falls_on"] < pd.Timestamp(given["due_from"])).to_numpy()
        part, reason = np.where(before, "left_out", part), np.where(before, "due before", reason)
    told = {"period": np.array(names, dtype=object)[place], "part": part, "reason": reason}
    told["measure"] = all_of(len(rows), measure.id)
    return Cohort("advice" if measure.family == "advice" else "cases", rows, part, reason, told)


def of_open(at: At, _: Given) -> Cohort:
    """The open cases, by age and by what each waits for."""
    is_open = at.cases["is_open"].astype(bool).to_numpy()
    waits = waiting(at.cases, advice=at.advice)["waits_for"].astype("string").fillna("")
    told = {"age_band": age_bands(at.cases["age_days"]), "waits_for": waits.to_numpy(dtype=object)}
    found = cohort_of("cases", at.cases, is_open, all_of(len(is_open), "open"), "not open", told)
    return found._replace(names={"age_band": [*band_labels(AGE_WEEKS), UNKNOWN_BAND]})


def of_plans(at: At, given: Given) -> Cohort:
    """The first final plans, by the period of issue."""
    cases = tracked_cases(at.cases)
    final = np.broadcast_to(cases.now.final, cases.size)
    issued = (final != NOT_YET) & cases.now.is_received & ~cases.is_code("closed_reason", "duplicate")
    told = {"period": by_day(final, given.get("period"))}
    return cohort_of(
        "cases", at.cases, issued, all_of(cases.size, "final plan issued"), "no final plan", told
    )


def of_keyed(at: At, given: Given) -> Cohort:
    """What an extract holds of plans or of requests, by the period on which they fall."""
    if given.get("what") != "requests":
        return of_plans(at, given)
    cases = tracked_cases(at.cases)
    days = cases.days_by_then("received_date")
    told = {"period": by_day(days, given.get("period"))}
    return cohort_of(
        "cases", at.cases, days != NOT_YET, all_of(cases.size, "keyed"), "no day of receipt", told
    )


def of_ends(at: At, _: Given) -> Cohort:
    """Every case by what became of it."""
    found = fates(tracked_cases(at.cases))
    reason = np.array([*OUTCOMES, *OUTSIDE], dtype=object)[found.place]
    inside = found.place < len(OUTCOMES)
    return Cohort("cases", at.cases, np.where(inside, IN, OUT).astype(object), reason)


def of_late(at: At, given: Given) -> Cohort:
    """The cases whose final plan was or is late."""
    cases = tracked_cases(at.cases)
    late = np.zeros(cases.size, dtype=bool)
    late[late_cases(cases).case] = True
    status = at.cases["plan_final_status"].astype(str).to_numpy(dtype=object)
    told = {"exempt": np.asarray(cell_texts(at.cases["plan_final_exempt"]), dtype=object)}
    if not given.get("period"):
        told["period"] = all_of(cases.size, ALL)
    return cohort_of("cases", at.cases, late, status, "not late", told)


def of_every(at: At, _: Given) -> Cohort:
    """Every case, by stage."""
    every = np.ones(len(at.cases), dtype=bool)
    return cohort_of("cases", at.cases, every, at.cases["stage"].astype(str).to_numpy(dtype=object), "", {})


def of_year(at: At, given: Given) -> Cohort:
    """The plans issued in a calendar year, and who is open still."""
    year = str(given.get("year") or at.as_at.year)
    issued = of_measure(at, {**given, "period": "Y"})
    counts = np.isin(issued.part, ["on_time", "late", "unknown"]) & (issued.told["period"] == year)
    is_open = at.cases["is_open"].astype(bool).to_numpy() & (at.as_at < date(int(year), 12, 31))
    part = np.where(counts, issued.part, np.where(is_open, IN, ELSEWHERE))
    reason = np.where(is_open & ~counts, "open, so a plan may still come", issued.reason)
    outside = np.where(part == ELSEWHERE, f"no plan that counts in {year}", reason)
    told = {"period": all_of(len(part), year), "measure": issued.told["measure"]}
    return Cohort("cases", at.cases, part.astype(object), outside.astype(object), told)


def of_stock(at: At, given: Given) -> Cohort:
    """Who was open before a period and at its end, and who came and left in it; `at_end` alone, by age. Without a period every case."""
    if not given.get("of_period"):
        return of_every(at, given)
    first, last = _days_of(given)
    held = at.extract
    before, after = (
        track(held.cases, as_at=day, exemptions=held.exemptions, closures=held.closures)
        for day in (first - timedelta(days=1), last)
    )
    was, is_open = (frame["is_open"].astype(bool).to_numpy() for frame in (before, after))
    unseen = [frame["stage"].astype(str).eq("not_received").to_numpy() for frame in (before, after)]
    came = unseen[0] & ~unseen[1]
    reason = np.select(
        [was & is_open, was, is_open, came],
        ["open before it and at its end", "open before it, not at its end", "not open before it, open at its end", "came and left in it"],
        "neither",
    )  # fmt: skip
    stock = of_open(At(held, last), given)
    told = {**stock.told, "period": all_of(len(was), given["of_period"])}
    if given.get("at_end"):
        return stock._replace(told=told)
    return cohort_of("cases", after, reason != "neither", reason, "not open at either end of it", told)


def _days_of(given: Given) -> tuple[date, date]:
    """The first and the last day of a period by its letter and label, within what was asked for."""
    text, letter = given["of_period"], given["period"]
    firsts = (date(year, month, 1) for year in range(_FIRST_YEAR, 2100) for month in range(1, 13))
    first = next(day for day in firsts if label(day, letter) == text)
    last = last_day(first, letter)
    start, end = (
        date.fromisoformat(str(given.get(name, day))) for name, day in (("start", first), ("end", last))
    )
    return max(first, start), min(last, end)


def of_findings(at: At, _: Given) -> Cohort:
    """What `check` finds, one row each."""
    held = at.extract
    found = check(
        held.cases,
        as_at=at.as_at,
        advice=held.advice,
        exemptions=held.exemptions,
        closures=held.closures,
        unread=held.unread,
    )
    reason = found["code"].astype(str).to_numpy(dtype=object)
    told = {"query": np.array([code.replace("_", " ") for code in reason], dtype=object)}
    return cohort_of("findings of check", found, np.ones(len(found), dtype=bool), reason, "", told)


def of_letters(at: At, _: Given) -> Cohort:
    """The letters that are expected, one row each."""
    found = expected_letters(at.cases, events=at.extract.events)
    reason = found["state"].astype(str).to_numpy(dtype=object)
    return cohort_of("letters expected", found, np.ones(len(found), dtype=bool), reason, "", {})
