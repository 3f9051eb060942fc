"""The headline: what a reader must know, in sentences made of the numbers of the page."""

import pandas as pd

from ehcptime.outputs.pages.figures import AGES, TOTAL, by_age, by_period, figure, trend_name
from ehcptime.outputs.pages.parts import Maker, Section, Tables
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import period_words, share, spoken
from ehcptime.questions.measures import MEASURES
from ehcptime.tracking.words import long_date

OVER = ("open_over_20wk", "open_over_52wk")


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The measures by period and the open cases by age: every figure of the page comes from these."""
    found = {trend_name(one): by_period(run, one) for one in run.measures if one.cohort != "open"}
    return found | {AGES: by_age(run)}


def section(run: Run, published: Tables) -> Section:
    """Say what fell due or was issued, how it moved, and who waits."""
    first, *others = [measure for measure in run.measures if measure.cohort != "open"]
    now, before = (figure(published, first, period) for period in (run.now, run.before))
    lead = f"{period_words(run.now)}: {first.title[0].lower()}{first.title[1:]}, {share(now)}"
    sentences = [f"{lead}; in {period_words(run.before)} it was {share(before)}."]
    sentences += [
        f"{other.title}: {share(figure(published, other, run.now))}."
        for other in others
        if other.id.startswith("plans_issued")
    ]
    sentences.append(waiting(run, published))
    if not now["complete"]:
        sentences.append(
            f"{period_words(run.now)} is provisional: on {long_date(run.as_at)} not every limit in it had ended."
        )
    return Section("headline", "Headline", tuple(sentences))


def waiting(run: Run, published: Tables) -> str:
    """Say how many wait, and how many of them for too long."""
    over, far = (figure(published, MEASURES[name], run.now) for name in OVER)
    whole = spoken(published[AGES].set_index("age_band")["open"][TOTAL])
    if whole == "0":
        return f"No request was open on {long_date(run.as_at)}."
    return (
        f"On {long_date(run.as_at)}, {whole} requests were open: {spoken(over['numerator'])} of them for more than "
        f"20 weeks, {spoken(far['numerator'])} for more than 52 weeks."
    )


MAKER = Maker(tables, section)
