"""The questions at the command line: the library's own figures, figures by hand, one way out, and one-sentence refusals."""

import json
from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.cli.app import app

AS_AT = "2025-03-31"
DAY = date(2025, 3, 31)
START, END = "2024-01-01", "2024-12-31"

# Five requests. A: plan on day 140, its last. B: on day 141. C: on day 182, an exception. D: open since 3 June 2024, so 301 days,
# 161 over. E: refused on day 42, its last. D waits for both kinds of advice; B's came on day 91 of 42.
CASES = """
case_id,received_date,request_outcome,request_outcome_date,assessment_outcome,assessment_outcome_date,week20,area,team
A,2024-09-02,Y,2024-10-14,Y,2025-01-20,0,north,one
B,2024-09-02,Y,2024-10-14,Y,2025-01-21,0,north,one
C,2024-09-02,Y,2024-10-14,Y,2025-03-03,1,south,two
D,2024-06-03,Y,2024-07-15,,,0,south,two
E,2025-01-06,N,2025-02-17,,,0,south,two
"""
ADVICE = """
case_id,advice_type,provider,source,requested_date,allocated_date,returned_date
A,health,Therapies,,2024-10-14,,2024-11-25
B,health,Therapies,,2024-10-14,,2025-01-13
D,health,Therapies,,2024-10-14,,
A,psychology,,agency,2024-10-14,2024-10-21,2024-11-25
D,psychology,,agency,2024-10-14,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extract") / "sen2"
    ehc.write_sen2(ehc.simulate(200, as_at=DAY, seed=7), made, as_at=DAY)
    return made


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    made = tmp_path_factory.mktemp("five")
    for name, text in (("cases", CASES), ("advice", ADVICE)):
        (made / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    return made


class Library:
    """What a user of the library has after reading and tracking the same folder."""

    def __init__(self, folder):
        self.held = ehc.read_sen2(folder)
        self.cases = ehc.track(
            self.held.cases, as_at=DAY, exemptions=self.held.exemptions, closures=self.held.closures
        )
        self.advice = ehc.track_advice(self.held.advice, as_at=DAY, cases=self.held.cases)
        self.problems = ehc.check(
            self.held.cases, as_at=DAY, advice=self.held.advice, exemptions=self.held.exemptions, closures=self.held.closures
        )  # fmt: skip


@pytest.fixture(scope="module")
def library(folder):
    return Library(folder)


@pytest.fixture
def answer(run):
    def rows(*words):
        code, out, err = run(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    return rows


def plain(value):
    if isinstance(value, pd.Timestamp):
        return None if pd.isna(value) else f"{value:%Y-%m-%d}"
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def records(frame):
    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


EVERY = {  # command and options, and the same question asked of the library
    "timeliness --measure plans_issued_20wk_inc --period Y --by area": lambda x: pd.concat([
        ehc.timeliness(x.cases, "plans_issued_20wk_inc", by="area", period="Y"),
        ehc.timeliness(x.cases, "open_over_20wk", by="area"),
    ]),
    "timeliness --measure advice_6wk": lambda x: ehc.timeliness(x.advice, "advice_6wk"),
    "timeliness --measure plans_20wk_all_advice": lambda x: ehc.timeliness(x.cases, "plans_20wk_all_advice", advice=x.advice),
    "parts --measure plans_due_20wk": lambda x: ehc.case_parts(x.cases, "plans_due_20wk"),
    "official --la-code 938 --layout 2026": lambda x: ehc.dfe_timeliness(x.cases, la_code="938", edition=2026),
    "official --table requests": lambda x: ehc.dfe_requests(x.cases),
    "official --table assessments --by Team=team": lambda x: ehc.dfe_assessments(x.cases, by={"Team": "team"}),
    "waterfall --period Y": lambda x: ehc.waterfall(x.cases, "plans_issued_20wk_exc", period="Y").table,
    "time-to-final --by area": lambda x: ehc.time_to_final(x.cases, by="area"),
    "exemptions": lambda x: ehc.exemption_audit(x.cases, exemptions=x.held.exemptions),
    "decisions --by request_source --period FY": lambda x: ehc.decision_rates(x.cases, by="request_source", period="FY"),
    "backlog --by area,team": lambda x: ehc.backlog(x.cases, by=["area", "team"]),
    "backlog --summary --by waits_for": lambda x: ehc.backlog_summary(x.cases, "waits_for", advice=x.advice),
    "waiting": lambda x: ehc.backlog(ehc.waiting(x.cases, advice=x.advice), by="waits_for"),
    "fair-queue --period Y": lambda x: ehc.fair_queue(x.cases, period="Y"),
    "delay --period Y": lambda x: ehc.delay_caused(x.cases, advice=x.advice, period="Y"),
    "delay --method equal_share": lambda x: ehc.delay_caused(x.cases, advice=x.advice, method="equal_share"),
    "contributions --by provider --period Q": lambda x: ehc.contributions(x.advice, by="provider", period="Q"),
    "contributions --returned": lambda x: ehc.returned_contributions(x.advice),
    "overdue-advice": lambda x: ehc.overdue_advice(x.advice),
    "missing-advice --period Y": lambda x: ehc.missing_advice(x.cases, x.advice, period="Y"),
    "last-in": lambda x: ehc.last_in(x.cases, x.advice),
    "missing-advice --plans": lambda x: ehc.plans_without_advice(x.cases, x.advice),
    "rounds": lambda x: ehc.rejections(x.advice),
    "rounds --each": lambda x: ehc.rounds(x.advice),
    "ep-throughput --period Q": lambda x: ehc.ep_throughput(x.advice, period="Q", cases=x.cases),
    "ep-throughput --queue": lambda x: ehc.unallocated_advice(x.advice, cases=x.cases),
}  # fmt: skip
REBUILT = {
    "history --freq Q --by area": lambda x: ehc.backlog_history(
        x.held.cases, start=date(2024, 1, 1), end=date(2024, 12, 31), freq="Q", by="area"
    ),
    "triangle": lambda x: ehc.backlog_triangle(
        x.held.cases, start=date(2024, 1, 1), end=date(2024, 12, 31), freq="M"
    ),
}


@pytest.mark.parametrize("words", EVERY)
def test_a_command_gives_what_the_library_gives(answer, folder, library, words):
    name, *options = words.split()
    assert answer(name, folder, "--as-at", AS_AT, *options) == records(EVERY[words](library))


@pytest.mark.parametrize("words", REBUILT)
def test_positions_are_rebuilt_without_a_day(answer, folder, library, words):
    name, *options = words.split()
    found = answer(name, folder, "--start", START, "--end", END, *options)
    assert found == records(REBUILT[words](library))


@pytest.mark.parametrize("words", [*EVERY, *REBUILT])
def test_a_command_prints_its_answer_and_writes_it_whole(run, folder, library, tmp_path, words):
    name, *options = words.split()
    days = ["--as-at", AS_AT] if words in EVERY else ["--start", START, "--end", END]
    code, out, err = run(name, folder, *days, *options)
    assert code == 0, err
    assert out
    many = "open_over_20wk" if "plans_issued" in words else ""
    target = tmp_path / "table.csv"
    assert run(name, folder, *days, *options, "--out", target)[0] == 0
    written = sorted(tmp_path.glob("*.csv"))
    assert len(written) == (2 if many else 1)
    rows = sum(len(pd.read_csv(file)) for file in written)
    assert rows == len((EVERY | REBUILT)[words](library))


PUBLIC = [
    words
    for words in [*EVERY, *REBUILT]
    if words.split()[0] not in {"parts", "official", "waterfall"}
    and not set(words.split()) & {"--plans", "--each", "--queue"}
]


@pytest.mark.parametrize("words", PUBLIC)
def test_the_public_gets_small_numbers_hidden(answer, folder, library, words):
    name, *options = words.split()
    days = ["--as-at", AS_AT] if words in EVERY else ["--start", START, "--end", END]
    found = answer(name, folder, *days, *options, "--audience", "public")
    counts = [
        row[key]
        for row in found
        for key in ("numerator", "open", "count", "issued", "requested")
        if key in row
    ]
    assert not {1, 2, 3, 4} & {count for count in counts if isinstance(count, int)}
    if "plans_issued" not in words:  # there two tables are hidden together
        assert found == records(ehc.suppress((EVERY | REBUILT)[words](library)))


def test_the_public_sees_no_figure_beside_the_table_and_no_case(run, five):
    for words in (
        ["backlog"],
        ["waiting"],
        ["delay"],
        ["fair-queue"],
        ["timeliness"],
        ["missing-advice"],
        ["decisions"],
    ):
        code, out, _ = run(*words, five, "--as-at", AS_AT, "--audience", "public")
        assert code == 0
        assert "[c]" in out
        said = ("1 open cases", "204 case-days", "161", "301", "33.3 per cent", "Of 3 plans")
        assert not [text for text in said if text in out], words
    code, _, err = run("exemptions", five, "--as-at", AS_AT, "--line", "exceptions", "--audience", "public")
    assert (code, "a table of cases cannot be published" in err) == (3, True)
    # Its steps give each other back, and the layout of DfE's file has no room for markers: neither is for the public.
    assert run("waterfall", five, "--as-at", AS_AT, "--audience", "public")[0] == 2
    assert run("official", five, "--as-at", AS_AT, "--audience", "public")[0] == 2


def line(out, start):
    """The cells of the first line of a screen that begins with some words."""
    return next(row for row in out.splitlines() if row.startswith(start)).split()


def test_five_cases_by_hand_timeliness(answer, five):
    def counts(measure, **more):
        words = [word for name, value in more.items() for word in (f"--{name}", value)]
        found = answer("timeliness", five, "--as-at", AS_AT, "--measure", measure, *words)
        return [
            (row["numerator"], row["denominator"], row["percent"])
            for row in found
            if row["measure"] == measure
        ]

    assert counts("plans_issued_20wk_inc") == [(1, 3, 33.3)]
    assert counts("plans_issued_20wk_exc") == [(1, 2, 50.0)]
    assert counts("plans_due_20wk") == [(1, 4, 25.0)]  # A of A, B, C and D; E was refused by its limit
    # D fell due in October, A, B and C on 20 January; E, refused by its limit, falls in no period.
    assert counts("plans_due_20wk", period="Q") == [(0, 1, 0.0), (1, 3, 33.3), (0, 0, None)]
    assert counts("request_decisions_6wk") == [(5, 5, 100.0)]
    assert counts("open_over_20wk") == [(1, 1, 100.0)]
    assert counts("plans_issued_20wk_inc", by="area") == [(1, 2, 50.0), (0, 1, 0.0)]


def test_five_cases_by_hand_opened(answer, run, five):
    def ids(*words):
        return [row["case_id"] for row in answer(*words[:1], five, "--as-at", AS_AT, *words[1:])]

    assert ids("cases", "--measure", "plans_due_20wk", "--part", "late") == ["B", "C", "D"]
    assert ids("cases", "--measure", "plans_due_20wk", "--period", "Q", "--label", "2024 Q4") == ["D"]
    assert ids(
        "cases", "--measure", "plans_issued_20wk_inc", "--part", "denominator", "--where", "area=south"
    ) == ["C"]
    assert ids("exemptions", "--line", "exceptions_late") == ["C"]
    assert ids("exemptions", "--line", "exceptions", "--whole") == ["A", "B", "C"]
    assert ids("decisions", "--line", "refused_to_assess") == ["E"]
    assert ids("waterfall", "--step", "less an exception is recorded") == ["C"]
    assert ids("waiting", "--cases") == ["D"]
    _, out, _ = run("waterfall", five, "--as-at", AS_AT)
    assert (
        "denominator 2 -> less 1 not 140 days or less after the request -> on-time plans 1 = 50.0 per cent"
        in out
    )
    _, out, _ = run("parts", five, "--as-at", AS_AT, "--measure", "plans_due_20wk")
    assert "5 rows" in out


def test_five_cases_by_hand_waiting(answer, run, five):
    (row,) = answer("backlog", five, "--as-at", AS_AT, "--summary")
    assert (row["open"], row["over_20wk"], row["over_52wk"], row["overdue"], row["oldest_days"]) == (
        1,
        1,
        0,
        1,
        301,
    )
    assert row["median_weeks"] == 43.0
    _, out, _ = run("waiting", five, "--as-at", AS_AT)
    assert "more than one kind of advice" in out
    assert "1 open cases" in out
    # Open at the end of 2024: A, B, C and D. In: A, B, C in September (D before), E in January; out: A, B, E and C.
    history = answer("history", five, "--start", "2024-07-01", "--end", "2025-03-31", "--freq", "Q")
    flows = [[row[name] for name in ("opening", "opened", "refused", "issued", "closing")] for row in history]
    assert flows == [[1, 3, 0, 0, 4], [4, 0, 0, 0, 4], [4, 1, 1, 3, 1]]
    triangle = answer("triangle", five, "--start", "2024-12-01", "--end", "2024-12-31")
    # On 31 December A, B and C are 120 days old, 17 weeks and a day; D is 211 days old, 30 weeks and a day.
    assert {row["age_band"]: row["open"] for row in triangle if row["open"]} == {"16-20": 3, "30-52": 1}
    _, out, _ = run("fair-queue", five, "--as-at", AS_AT)
    # D was open all the while; it was 273 days old when C's plan was issued on 3 March.
    assert "Of 3 plans issued, 3 (100.0 per cent) came while an older case was still open" in out
    assert "the oldest case passed was then 273 days old" in out


def test_five_cases_by_hand_delay_and_advice(answer, run, five):
    days = {
        (row["service"], row["exempt"]): row["case_days"] for row in answer("delay", five, "--as-at", AS_AT)
    }
    # B is 1 day late, C 42 (exempt), D 161: that is all there is to share out.
    assert sum(days.values()) == 204
    assert sum(n for (_, exempt), n in days.items() if exempt) == 42
    code, out, _ = run("delay", five, "--as-at", AS_AT)
    assert code == 0
    assert "204 case-days on 3 late cases" in out
    assert "late_not_last: those in which it was late" in out
    assert "cost 42 case-days" not in out  # the table says it
    assert "The duty to issue the plan in time is the authority's" in out
    health, psychology = answer("contributions", five, "--as-at", AS_AT)
    # Due on 25 November: A's came that day, B's on 13 January, D's has not come.
    assert (health["due"], health["in_time"], health["late"], health["outstanding"]) == (3, 1, 1, 1)
    assert (health["kind"], health["percent"], psychology["kind"], psychology["percent"]) == (
        "statutory",
        33.3,
        "guidance",
        50.0,
    )
    overdue = [row for row in answer("overdue-advice", five, "--as-at", AS_AT) if row["outstanding"]]
    # 25 November to 31 March is 126 days.
    assert [(row["advice_type"], row["overdue_band"], row["oldest_days"]) for row in overdue] == [
        ("health", "12+", 126), ("psychology", "12+", 126),
    ]  # fmt: skip
    (queue,) = answer("ep-throughput", five, "--as-at", AS_AT, "--queue")
    assert (queue["case_id"], queue["waiting_days"]) == ("D", 168)  # 14 October to 31 March
    missing = {row["advice"]: row for row in answer("missing-advice", five, "--as-at", AS_AT)}
    # A and B had health advice; B had no psychology asked for; nothing at all is recorded for C.
    assert [missing["psychology"][name] for name in ("in_hand", "not_asked", "unknown")] == [1, 1, 1]


def test_official_figures_are_in_the_layout_of_the_file_and_can_be_compared(answer, run, five, tmp_path):
    target = tmp_path / "timeliness_20_week.csv"
    words = ("--as-at", AS_AT, "--la-code", "938", "--la-name", "West Sussex")
    assert run("official", five, *words, "--out", target)[0] == 0
    written = pd.read_csv(target, dtype=str, encoding="utf-8-sig")
    assert list(written.columns[:3]) == ["time_period", "time_identifier", "geographic_level"]
    assert written[["plans_issued_den", "plans_issued_den_ex", "pc_plans_issued_within_20_weeks"]].to_numpy().tolist() == [
        ["3", "2", "33.3"]
    ]  # fmt: skip
    _, out, _ = run("official", five, *words)
    assert line(out, "PC_plans_issued_20_weeks_ex")[1:] == ["50"]
    # DfE's file as it stands for another count: 4 plans, 2 in time.
    published = target.read_text(encoding="utf-8-sig").replace(",3,2,1,1,33.3,50,", ",4,2,2,1,50,50,")
    target.write_text(published, encoding="utf-8")
    _, out, _ = run("compare", target, five, "--as-at", AS_AT, "--la-code", "938")
    assert "2025: 1 of 3 in time (33.3 per cent) here, 2 of 4 in time (50.0 per cent) published" in out
    rows = answer("compare", target, five, "--as-at", AS_AT, "--la-code", "West Sussex", "--cases")
    assert [(row["case_id"], row["part"], row["part_exc"], row["days"]) for row in rows] == [
        ("A", "on_time", "on_time", 140), ("B", "late", "late", 141), ("C", "late", "left_out", 182),
    ]  # fmt: skip


def test_a_change_says_why_and_adds_up(answer, run, five):
    words = (
        "change",
        five,
        five,
        "--as-at",
        "2025-02-28",
        "--after-as-at",
        AS_AT,
        "--measure",
        "plans_issued_20wk_inc",
    )
    code, out, err = run(*words)
    assert code == 0, err
    assert "On-time plans stayed at 1. Late plans rose from 1 to 2" in out
    assert "so the rate fell from 50.0 per cent to 33.3 per cent" in out
    assert "the fall of 16.7 percentage points is made of -16.7 from late plans (1 more)" in out
    assert sum(row["points"] for row in answer(*words)) == pytest.approx(100 / 3 - 50)
    assert [row["case_id"] for row in answer(*words, "--component", "newly_late")] == ["C"]
    quarters = ("--period", "M", "--label", "2025-01", "--after-label", "2025-03")
    _, out, _ = run("change", five, five, "--as-at", AS_AT, "--measure", "plans_issued_20wk_inc", *quarters)
    assert (
        max(
            len(word.partition(".")[2]) for word in out.split() if word.lstrip("-").replace(".", "").isdigit()
        )
        <= 3
    )
    assert "fell from 50.0 per cent to 0.0 per cent" in out
    _, out, _ = run(
        "change", five, five, "--as-at", "2025-01-31", "--after-as-at", AS_AT, "--measure", "advice_6wk"
    )
    assert "advice_body: " in out
    assert "advice_other: " in out


def test_a_frozen_run_is_restated_case_by_case(answer, run, five, tmp_path):
    kept, later = tmp_path / "kept", tmp_path / "later"
    code, out, err = run("freeze", five, "--as-at", "2025-04-07", "--audience", "internal", "--out", kept)
    assert code == 0, err
    assert (kept / "manifest.json").is_file()
    assert pd.read_csv(kept / "timeliness-plans_due_20wk.csv")["denominator"].tolist() == [1, 3, 0]
    later.mkdir()
    # D turns out to have had its plan on 17 March, keyed late, and F's on 24 February, on day 119, not keyed at all by then.
    rows = CASES.replace("D,2024-06-03,Y,2024-07-15,,", "D,2024-06-03,Y,2024-07-15,Y,2025-03-17")
    rows += "F,2024-10-28,Y,2024-12-09,Y,2025-02-24,0,north,one\n"
    (later / "cases.csv").write_text(rows.strip() + "\n", encoding="utf-8")
    words = ("restate", kept, later, "--as-at", "2025-06-30", "--measure", "plans_issued_20wk_inc")
    code, out, err = run(*words)
    assert code == 0, err
    assert (
        "2025 Q1 restated from 33.3 to 40.0 per cent: 1 late-recorded plan, 1 plan not in the earlier run"
        in out
    )
    assert "the runs differ in: cases: 5 rows" in out
    changes = answer(*words)
    assert {row["case_id"]: (row["cause"], row["numerator"], row["denominator"]) for row in changes} == {
        "D": ("late-recorded", 0, 1), "F": ("added", 1, 1),
    }  # fmt: skip


def test_a_public_run_keeps_no_cases(run, five, tmp_path):
    kept = tmp_path / "kept"
    assert run("freeze", five, "--as-at", AS_AT, "--out", kept)[0] == 0
    assert not list(kept.glob("parts-*"))
    assert pd.read_csv(kept / "timeliness-plans_due_20wk.csv", dtype=str)["numerator"].tolist() == [
        "0",
        "[c]",
        "0",
    ]
    code, _, err = run("restate", kept, five, "--as-at", AS_AT)
    assert code == 2
    assert "--audience internal" in err


def test_a_providers_pack_and_several_authorities(answer, run, five, tmp_path):
    pack = tmp_path / "pack"
    assert run("provider-pack", five, "--as-at", AS_AT, "--provider", "therapies", "--out", pack)[0] == 0
    assert pd.read_csv(pack / "outstanding_list.csv")["case_id"].tolist() == ["D"]
    assert all("caseworker" not in file.read_text(encoding="utf-8-sig") for file in pack.glob("*.csv"))
    code, _, err = run("provider-pack", five, "--as-at", AS_AT, "--provider", "Therapies", "--out", pack)
    assert (code, "not empty" in err) == (2, True)
    west, east = tmp_path / "west.csv", tmp_path / "east.csv"
    for file, day in ((west, AS_AT), (east, "2024-12-31")):
        assert run("contributions", five, "--as-at", day, "--out", file)[0] == 0
    found = answer("combine", f"West Sussex={west}", f"East Sussex={east}")
    health = found[0]
    # Health: 1 of 3 in the west; at the end of 2024, B's and D's were still out, so 1 of 3 in the east too.
    assert (health["in_time"], health["due"], health["outstanding"], health["percent"]) == (2, 6, 3, 33.3)
    assert (health["as_at"], health["as_at_last"], health["authorities"]) == ("2024-12-31", AS_AT, 2)
    _, out, _ = run("combine", f"West Sussex={west}", f"East Sussex={east}")
    assert "East Sussex: 5 askings at 2024-12-31" in out


def test_the_effect_of_bad_rows(run, five, folder, library):
    _, out, _ = run("effect", five, "--as-at", AS_AT, "--measure", "plans_issued_20wk_inc")
    assert "33.3 per cent, with no bad row in it" in out
    _, out, _ = run("effect", folder, "--as-at", AS_AT, "--measure", "plans_due_20wk", "--severity", "query")
    assert str(ehc.effect(library.problems, library.cases, "plans_due_20wk", severities=["query"])) in out
    _, out, _ = run("effect", folder, "--as-at", AS_AT, "--measure", "advice_6wk")
    assert "advice_body: " in out


def test_no_claims_and_no_source_are_said_and_not_made_up(answer, five, tmp_path):
    audit = {row["line"]: row for row in answer("exemptions", five, "--as-at", AS_AT)}
    assert (audit["exceptions"]["count"], audit["exceptions"]["of"]) == (1, 3)
    assert audit["supported"]["count"] is None
    assert audit["headline_supported_only"]["note"] == (
        "cannot be computed, because the cases were tracked without their exemptions"
    )
    (tmp_path / "cases.csv").write_text(CASES.strip(), encoding="utf-8")
    assert answer("ep-throughput", tmp_path, "--as-at", AS_AT) == []


def test_measures_and_codes_are_listed(run):
    _, out, _ = run("measures")
    assert all(name in out for name in ehc.MEASURES)
    _, out, _ = run("measures", "plans_due_20wk")
    assert ehc.MEASURES["plans_due_20wk"].sentence in out
    assert "printed with: open_over_20wk" in out
    _, out, _ = run("codes")
    assert all(f"{code}: {reason.title}" in out for code, reason in ehc.LAW.exemptions.items())


def test_a_table_on_the_screen_does_not_say_the_same_on_every_row(run, five):
    _, out, err = run("timeliness", five, "--as-at", AS_AT)
    assert not {"rule_book", "cohort", "as_at"} & set(out.split())
    assert f"position at {AS_AT}" in err


def test_every_question_has_a_panel_and_help_with_an_example(run):
    assert len(app.registered_commands) >= 30
    for command in app.registered_commands:
        code, out, _ = run(command.name, "--help")
        assert code == 0
        assert command.name == "demo" or "Example" in out, command.name
        assert command.rich_help_panel
    _, out, _ = run("--help")
    assert all(panel in out for panel in ("Reading", "Law", "Timeliness", "Waiting", "Advice", "Forecast"))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("cases {five} --as-at 2025-03-31 --measure nothing", 2, "there is no measure"),
        ("cases {five} --as-at 2025-03-31 --part late_ish", 2, "late_ish"),
        ("cases {five} --as-at 2025-03-31 --where area", 2, "NAME=VALUE"),
        ("cases {five} --as-at 2025-03-31 --where area=west", 2, "'area'"),
        ("cases {five} --as-at 2025-03-31 --period Q", 2, "label"),
        ("official {five} --as-at 2025-03-31 --by Sex=gender", 2, "gender"),
        ("official {five} --as-at 2025-03-31 --by gender", 2, "NAME=VALUE"),
        ("compare {missing} {five} --as-at 2025-03-31 --la-code 938", 3, "no file"),
        ("compare {five}/cases.csv {five} --as-at 2025-03-31 --la-code 938", 3, "DfE"),
        ("waterfall {five} --as-at 2025-03-31 --step nothing", 2, "there is no step"),
        ("waterfall {five} --as-at 2025-03-31 --measure advice_6wk", 3, "regulation 8"),
        ("exemptions {five} --as-at 2025-03-31 --line nothing", 2, "there is no line"),
        ("decisions {five} --as-at 2025-03-31 --by colour", 2, "colour"),
        ("change {five} {missing} --as-at 2025-03-31", 3, "no file or folder"),
        (
            "change {five} {five} --as-at 2025-03-31 --measure advice_6wk --period Q --label 2025",
            2,
            "askings",
        ),
        ("change {five} {five} --as-at 2025-03-31 --component luck", 2, "luck"),
        ("restate {five} {five} --as-at 2025-03-31", 3, "no frozen run"),
        ("freeze {five} --as-at 2025-03-31 --measure nothing --out {missing}", 2, "there is no measure"),
        ("history {five} --start 2025-03-31 --end 2024-03-31", 2, ""),
        ("history {five} --start 2024 --end 2025-03-31", 2, "YYYY-MM-DD"),
        ("delay {five} --as-at 2025-03-31 --method blame", 2, "method"),
        ("overdue-advice {five} --as-at 2025-03-31 --by colour", 2, "colour"),
        ("provider-pack {five} --as-at 2025-03-31 --provider Nobody --out {missing}", 2, "not asked"),
        ("combine {five}/cases.csv", 2, "NAME=VALUE"),
        ("combine West={missing}", 3, "missing"),
        ("combine West={five}/cases.csv", 3, "contributions"),
        ("measures nothing", 2, "there is no measure"),
        ("effect {five} --as-at 2025-03-31 --severity dreadful", 2, "severities"),
        ("timeliness {five} --as-at 2025-03-31 --out table.pdf --measure plans_received_20wk", 2, ".csv"),
        ("backlog {five} --as-at 2025-03-31 --json --out table.csv", 2, "--json"),
    ],
)
def test_a_mistake_is_one_sentence(run, five, tmp_path, monkeypatch, words, code, says):
    monkeypatch.chdir(tmp_path)
    places = {"five": five, "missing": tmp_path / "missing"}
    found, _, err = run(*(word.format(**places) for word in words.split()))
    assert found == code, err
    assert says in err
    assert "Traceback" not in err
    if "Usage" not in err:
        assert (
            sum(text.startswith("ehcptime: ") and "ehcptime: note: " not in text for text in err.splitlines())
            == 1
        )
    assert not list(tmp_path.iterdir())


def test_a_case_of_facts_alone_has_no_reference_and_none_is_refused(run, tmp_path):
    page = tmp_path / "case.html"
    code, out, _ = run(
        "case", "--as-at", "2025-11-01", "--fact", "received_date=2025-04-02", "--page", str(page)
    )
    assert (code, "This case, at 1 November 2025" in page.read_text(encoding="utf-8")) == (0, True)
    code, out, err = run("case", "--as-at", "2025-11-01")
    assert (code, out) == (2, "")
    assert err == (
        "ehcptime: no case: give an extract and a case_id, or facts, for example --fact received_date=2025-04-02\n"
    )


def test_a_folder_that_is_not_there_is_named(run, five, tmp_path):
    code, _, err = run("timeliness", five, "--as-at", AS_AT, "--out", tmp_path / "none" / "x.csv")
    assert code == 3
    assert f"there is no folder {tmp_path / 'none'}; make it or choose another" in err


def test_a_heading_too_wide_for_the_screen_breaks_at_an_underscore(run, five):
    _, out, _ = run("contributions", five, "--as-at", AS_AT)
    lines = out.splitlines()
    assert "authority_" in lines[0]
    assert "lag_days" in lines[1]
    _, out, _ = run("at-risk", five, "--as-at", AS_AT)
    assert "days_left" in out  # here only sentences are wide, and those have room in two lines
