"""A report of hardly any cases: what is hidden is not drawn, and the sentence that says so stays."""

from datetime import date

import ehcptime as ehc

AS_AT = date(2024, 12, 31)


def test_a_measure_of_which_no_period_can_be_printed_has_a_sentence_and_a_table_and_no_picture():
    made = ehc.report(ehc.simulate(20, as_at=AS_AT, seed=1), as_at=AS_AT, preset="public").html
    said = "<p><strong>Plans due, issued by their limit: no period has a percentage that can be printed.</strong></p>"
    assert said in made
    assert "Plans due, issued by their limit, by period</span>" in made
    assert made.count("<svg") == made.count("<figure>") == made.count("<figcaption>") < 5
