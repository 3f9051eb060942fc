"""What a reader of a scenario must know of how it was started: cases with no due date, drafts that are out, capacity from the record."""

import pandas as pd

from ehcptime.questions.forecasting.levers import Levers
from ehcptime.questions.forecasting.start import Start
from ehcptime.tracking.words import count


def notes_on(start: Start, levers: Levers, advice: pd.DataFrame | None) -> tuple[str, ...]:
    """Say what was taken to be so, in sentences."""
    unknown = int(start.deciding[0] + start.assessing[0] + start.drafting[0] + start.finals[:, 0].sum())
    notes = []
    if unknown:
        notes.append(
            f"{count(unknown, 'open case')} {'has' if unknown == 1 else 'have'} no due date: taken first, and counted in the stock alone."
        )
    drafts = round(float(start.finals.sum()))
    if drafts:
        notes.append(
            f"{drafts:,} {'draft is' if drafts == 1 else 'drafts are'} out: {_of_finals(start, levers)}"
        )
    if start.unplaced:
        notes.append(
            f"{count(start.unplaced, 'open case')} whose step cannot be told: taken as waiting for advice."
        )
    if advice is None:
        notes.append(
            "No advice was given, so every case in assessment is taken to wait for psychology advice."
        )
    if levers.basis["psychology"] == "from history" or levers.basis["drafting"] == "from history":
        notes.append(
            "Capacity not given is what was finished lately, which is too low where work had stopped."
        )
    return tuple(notes)


def _of_finals(start: Start, levers: Levers) -> str:
    """How the drafts that are out are taken to become plans."""
    if start.shares is not None:
        return (
            "each is taken to become a plan as those of the last year did that had been out as long, and new ones "
            f"as all of them did: half within {levers.final_weeks} weeks."
        )
    why = (
        ": too few plans of the last year have the day of their draft"
        if levers.basis["final_weeks"] == "assumed"
        else ""
    )
    return f"they are taken to be final within {levers.final_weeks} weeks, however long ago they went{why}."
