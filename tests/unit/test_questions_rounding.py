"""DfE's rounding, against figures that DfE published."""

import pandas as pd
import pytest

from ehcptime.questions.rounding import percent


@pytest.mark.parametrize(
    ("numerator", "denominator", "published"),
    [
        (41, 80, 51.2),  # a tie that decimal half-up rounding gets wrong
        (23, 80, 28.7),  # another
        (41448, 90392, 45.9),  # England 2024, including exceptions
        (39407, 84866, 46.4),  # England 2024, excluding exceptions
        (171, 1495, 11.4),  # West Sussex 2024
        (474, 1495, 31.7),  # West Sussex 2024, over 52 weeks
        (31313, 53327, 58.7),  # England 2019
        (180, 186, 96.8),  # Gateshead 2019
        (164, 164, 100.0),  # South Tyneside 2019
        (1, 8, 12.5),
        (1, 16, 6.3),  # a tie goes up, unlike Python's round
        (0, 5, 0.0),
    ],
)
def test_published_percentages(numerator, denominator, published):
    assert percent(numerator, denominator) == published


def test_nothing_to_divide_is_missing():
    assert percent(0, 0) is pd.NA
    assert percent([0, 1], [0, 4]).isna().tolist() == [True, False]


def test_arrays_give_the_same_as_single_numbers():
    tops, bottoms = [41, 23, 171], [80, 80, 1495]
    assert percent(pd.Series(tops), bottoms).tolist() == [51.2, 28.7, 11.4]
    assert str(percent(tops, bottoms).dtype) == "Float64"
