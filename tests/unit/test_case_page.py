"""One case on one page, held to days worked out by hand, to published decisions and to the family's side of the law."""

from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest

from ehcptime.errors import CommandError
from ehcptime.outputs.case_pages.months import delay
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.timeline import timeline

READERS = ("family", "adviser", "ombudsman")
REFUSED = Case(
    case_id="JSC",
    received_date=date(2025, 4, 2),
    request_outcome="Y",
    request_outcome_date=date(2025, 5, 12),
    assessment_outcome="N",
    assessment_outcome_date=date(2025, 10, 21),
)
OPEN = Case(
    case_id="OPEN",
    received_date=date(2025, 4, 2),
    request_outcome="Y",
    request_outcome_date=date(2025, 6, 12),
)


class _Words(HTMLParser):
    """The words of a page, but for its head."""

    def __init__(self):
        super().__init__()
        self.found, self.inside = [], False

    def handle_starttag(self, tag, _attrs):
        self.inside = self.inside or tag == "body"

    def handle_data(self, data):
        if self.inside and data.strip():
            self.found.append(" ".join(data.split()))


def words(page):
    reader = _Words()
    reader.feed(page.html)
    return reader.found


def block(page, title):
    """The lines under one heading of the plain text."""
    lines = page.text.splitlines()
    first = lines.index(title) + 2
    return lines[first : lines.index("", first)]


def step(page, name, table="Step by step"):
    """The fields of one row of a table in the plain text."""
    lines = block(page, table)
    first = lines.index(name) + 1
    fields = {}
    for line in lines[first:]:
        if not line.startswith("  "):
            break
        heading, _, value = line.strip().partition(": ")
        fields[heading] = value
    return fields


def test_the_sums_of_the_refusal_are_printed():
    found = step(case_page(REFUSED, as_at=date(2025, 11, 1)), "Tell you that there will be no plan")
    assert found == {
        "Time allowed": "16 weeks",
        "Last day": "23 July 2025",
        "How it was counted": "2 April 2025 + 112 days = 23 July 2025",
        "Done": "21 October 2025",
        "Days late": "90 days (12 weeks 6 days)",
        "Source": "SEND Regulations 2014, regulation 10(1)",
    }


@pytest.mark.parametrize("reader", READERS)
def test_after_a_refusal_the_family_comes_first(reader):
    page = case_page(REFUSED, as_at=date(2025, 11, 1), reader=reader)
    assert page.html.index('id="own"') < page.html.index('id="standing"') < page.html.index('id="steps"')
    assert "received by 5pm" in page.text
    assert (
        "Check with the tribunal or an adviser. Silence is not a decision and cannot be appealed."
        in page.text
    )


@pytest.mark.parametrize("reader", READERS)
def test_with_no_decision_silence_is_no_decision_and_nothing_can_be_appealed(reader):
    page = case_page(OPEN, as_at=date(2025, 11, 10), reader=reader)
    assert "Silence is not a decision and cannot be appealed." in page.text
    assert "there is no decision that can be appealed" in page.text
    assert "Contact" not in page.text


def refused_on(day, **others):
    return Case(
        case_id="X",
        received_date=date(day.year, 1, 6) if day.month > 3 else date(day.year - 1, 9, 1),
        request_outcome="N",
        request_outcome_date=day,
        other_dates=others,
    )


@pytest.mark.parametrize(
    ("case", "safest", "last"),
    [
        # IPSEA's examples: a letter of 1 October, and a certificate of 29 November that ends within the Christmas break
        (refused_on(date(2025, 10, 1)), "1 December 2025", "1 December 2025"),
        (
            refused_on(date(2025, 10, 1), mediation_certificate_date=date(2025, 11, 29)),
            "29 December 2025",
            "2 January 2026",
        ),
        # August: the first working day after it; 31 August 2025 is a Sunday
        (refused_on(date(2025, 6, 20)), "20 August 2025", "1 September 2025"),
        # a Saturday, and no break: the Monday after
        (refused_on(date(2025, 3, 10)), "10 May 2025", "12 May 2025"),
        # 31 December and two months: there is no 31 February (Dodds v Walker)
        (refused_on(date(2024, 12, 31)), "28 February 2025", "28 February 2025"),
    ],
)
def test_the_day_before_any_move_stands_beside_the_last_day(case, safest, last):
    page = case_page(
        case,
        as_at=date(2025, 3, 1)
        if case.request_outcome_date < date(2025, 3, 1)
        else case.request_outcome_date.replace(year=2026),
    )
    found = step(page, "Send an appeal to the tribunal", "Your own limits, if you want to appeal")
    assert found["Safest day"].startswith(f"{safest}, received by 5pm")
    assert found["Last day by the rules"] == f"{last}, received by 5pm"


def test_the_earlier_reading_is_used_where_the_letter_went_later_than_the_decision():
    case = refused_on(date(2025, 10, 1), decision_sent_date=date(2025, 10, 9))
    page = case_page(case, as_at=date(2025, 10, 20))
    found = step(page, "Contact a mediation adviser", "Your own limits, if you want to appeal")
    assert found["Safest day"] == "1 December 2025"
    said = step(page, "From which day do your own two months run?", "Where authorities differ")
    assert "1 December 2025" in said["One reading"]
    assert "9 December 2025" in said["Another reading"]


def test_a_certificate_that_was_asked_for_late_is_not_relied_on():
    case = refused_on(
        date(2025, 10, 1),
        mediation_adviser_contacted_date=date(2025, 12, 3),
        mediation_certificate_date=date(2025, 12, 8),
    )
    page = case_page(case, as_at=date(2025, 12, 10))
    found = step(page, "Send an appeal to the tribunal", "Your own limits, if you want to appeal")
    assert found["Safest day"].startswith("1 December 2025")
    said = step(
        page, "Does a certificate count that was asked for after two months?", "Where authorities differ"
    )
    assert "8 January 2026" in said["Another reading"]


def test_notice_sent_before_the_decision_was_of_an_earlier_one():
    case = REFUSED.model_copy(update={"other_dates": {"decision_sent_date": date(2025, 5, 13)}})
    page = case_page(case, as_at=date(2025, 11, 1))
    found = step(page, "Contact a mediation adviser", "Your own limits, if you want to appeal")
    assert found["Safest day"] == "21 December 2025"


def test_a_refusal_that_was_reversed_can_no_longer_be_appealed():
    case = Case(
        case_id="E",
        received_date=date(2024, 12, 16),
        request_outcome="N",
        request_outcome_date=date(2025, 1, 24),
        reversal_of="assess",
        reversal_route="own_change",
        reversal_date=date(2025, 2, 21),
    )
    page = case_page(case, as_at=date(2025, 9, 1), reader="ombudsman")
    assert "Contact with a mediation adviser" not in page.text
    # Ombudsman 25 007 473 counts 14 weeks from 21 February 2025; by W v Hertfordshire the 20 weeks from the request stand
    said = step(
        page,
        "The council changed its refusal by itself: by when is the final plan due?",
        "Where authorities differ",
    )
    assert "5 May 2025 (R (W) v Hertfordshire" in said["One reading"]
    assert "30 May 2025 (the Ombudsman" in said["Another reading"]


def test_an_undated_refusal_has_no_days_that_were_made_up():
    case = Case(case_id="U", received_date=date(2025, 4, 2), request_outcome="N")
    page = case_page(case, as_at=date(2025, 9, 1))
    assert "your own limits cannot be worked out" in page.text
    assert "+ 2 months" not in page.text


def test_a_final_plan_can_be_appealed_too():
    case = OPEN.model_copy(update={"plan_issued_date": date(2025, 8, 13)})
    page = case_page(case, as_at=date(2025, 9, 1))
    assert "The final plan was sent on 13 August 2025." in page.text
    found = step(page, "Contact a mediation adviser", "Your own limits, if you want to appeal")
    assert found["How it was counted"] == "13 August 2025 + 2 months = 13 October 2025"


@pytest.mark.parametrize("reader", READERS)
def test_a_lifted_limit_is_nowhere_due_or_overdue(reader):
    page = case_page(OPEN.model_copy(update={"week20": True}), as_at=date(2025, 11, 10), reader=reader)
    name = "Final plan" if reader == "ombudsman" else "Send the final plan"
    found = step(page, name)
    assert found["Last day"] == "claimed to be lifted"
    assert found["Days late"] == "as soon as practicable"
    delays = block(page, "How long the delay is")
    assert name not in delays
    main = next(line for line in page.text.splitlines() if line.startswith("Final plan: "))
    assert "claimed to be lifted" in main
    assert "due on" not in main
    assert "over on" not in main


def test_the_same_case_without_the_claim_is_late():
    page = case_page(OPEN, as_at=date(2025, 11, 10))
    assert (
        "Final plan: the last day was 20 August 2025. On 10 November 2025 it was not done: "
        "82 days (11 weeks 5 days), or 2 whole months and 21 days, late." in page.text
    )
    found = step(page, "Send the final plan")
    assert found["Last day"] == "20 August 2025"
    assert found["Days late"] == "82 days (11 weeks 5 days)"


def test_months_of_the_published_remedy():
    # West Sussex: due 13 October 2023, issued 19 July 2024: 40 weeks exactly, and ten months by the Ombudsman's count
    found = delay(date(2023, 10, 13), date(2024, 7, 19))
    assert (found.days, found.in_weeks) == (280, "280 days (40 weeks)")
    assert (found.months, found.rest, found.started) == (9, 6, 10)
    assert found.sum == "13 October 2023 + 9 months = 13 July 2024; + 6 days = 19 July 2024"


@pytest.mark.parametrize(
    ("first", "last", "months", "rest"),
    [
        (date(2025, 1, 31), date(2025, 2, 27), 0, 27),
        (date(2025, 1, 31), date(2025, 2, 28), 1, 0),
        (date(2025, 1, 31), date(2025, 3, 30), 1, 30),
        (date(2024, 2, 29), date(2025, 2, 28), 12, 0),
        (date(2025, 7, 23), date(2025, 10, 21), 2, 28),
    ],
)
def test_a_month_ends_on_the_corresponding_date(first, last, months, rest):
    assert delay(first, last)[2:] == (months, rest)


@pytest.mark.parametrize("reader", READERS)
def test_no_money(reader):
    page = case_page(REFUSED, as_at=date(2026, 2, 1), reader=reader)
    assert not any(sign in page.text for sign in ("£", "GBP", "pound"))


def test_what_it_waits_for_is_said_by_name():
    asked = [
        AdviceRequest(case_id="OPEN", advice_type=kind, requested_date=date(2025, 6, 16))
        for kind in ("psychology", "health")
    ]
    page = case_page(OPEN, as_at=date(2025, 11, 10), advice=asked)
    assert "It is waiting for: health advice, psychology advice." in page.text
    assert "psychology: counted from 16 June 2025, last day 28 July 2025, not received." in page.text
    back = [asked[0], asked[1].model_copy(update={"returned_date": date(2025, 7, 1)})]
    assert (
        "It is waiting for: psychology advice." in case_page(OPEN, as_at=date(2025, 11, 10), advice=back).text
    )


def test_the_claim_is_said_in_the_words_of_the_law():
    claim = {
        "case_id": "OPEN",
        "rule": "plan_final",
        "code": "SCHOOL_CLOSED",
        "advice_requested_date": date(2025, 7, 20),
    }
    closed = {"setting_id": "S", "closed_from": date(2025, 7, 23), "reopened_on": date(2025, 9, 3)}
    case = OPEN.model_copy(update={"setting_id": "S"})
    page = case_page(case, as_at=date(2025, 11, 10), exemptions=[claim], closures=[closed])
    said = " ".join(block(page, "Exceptions"))
    assert "School or post-16 institution closed" in said
    assert "the dates support it" in said


@pytest.mark.parametrize("reader", READERS)
def test_page_and_text_say_the_same(reader):
    page = case_page(REFUSED, as_at=date(2025, 11, 1), reader=reader)
    said, text = " ".join(words(page)), " ".join(page.text.split())
    for line in page.text.splitlines():
        value = line.strip().partition(": ")[2] if line.startswith("  ") else line.strip()
        if value and set(value) != {"-"}:
            assert " ".join(unescape(value).split()).partition(": ")[2] in said or value in said, value
    for found in timeline(REFUSED, as_at=date(2025, 11, 1)):
        if found.due and found.status in ("met", "met_late"):
            assert str(found.due.year) in text
            assert f"{found.due.day} " in text


def test_only_the_ombudsman_is_given_links_and_marks():
    pages = {reader: case_page(REFUSED, as_at=date(2025, 11, 1), reader=reader).text for reader in READERS}
    assert "https://www.legislation.gov.uk/uksi/2014/1530/regulation/10" in pages["ombudsman"]
    assert "reg 33" in pages["ombudsman"]
    assert "https://" not in pages["family"]


def test_another_reader_is_refused():
    with pytest.raises(CommandError, match="reader must be one of family, ombudsman, adviser"):
        case_page(OPEN, as_at=date(2025, 11, 1), reader="press")


def test_a_request_that_has_not_come_has_no_steps_late():
    page = case_page(OPEN, as_at=date(2025, 3, 1))
    assert "the request had not been received" in page.text
    assert "How long the delay is" not in page.text


def test_the_object_shows_nothing_of_the_case_and_saves_either_form(tmp_path):
    page = case_page(OPEN, as_at=date(2025, 11, 1))
    assert "OPEN" not in repr(page)
    assert page.save(tmp_path / "a.html").read_text(encoding="utf-8") == page.html
    assert page.save(tmp_path / "a.txt").read_text(encoding="utf-8") == page.text == str(page)


def test_a_made_up_case_says_so_on_the_page_and_in_the_text():
    for name, said in (("SYNTHETIC-000001", 1), ("A-1", 0)):
        page = case_page(Case(case_id=name, received_date=date(2025, 4, 2)), as_at=date(2025, 5, 1))
        assert page.text.count("SYNTHETIC data: nobody in it exists.") == said
        assert page.html.count("SYNTHETIC data: nobody in it exists.") == said


def test_a_decision_of_before_the_regulations_has_no_limit_to_be_counted():
    # The Regulations came into force on 1 September 2014.
    case = Case(
        case_id="A",
        received_date=date(2014, 7, 1),
        request_outcome="N",
        request_outcome_date=date(2014, 8, 12),
    )
    text = case_page(case, as_at=date(2014, 12, 1), reader="family").text
    assert "cannot be told: no version of the rule was in force on 1 July 2014" in text
    assert "12 October 2014" not in text
