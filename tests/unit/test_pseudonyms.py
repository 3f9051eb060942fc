import hashlib
import hmac
from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.records.pseudonyms import pseudonymise

KEY = "a key of enough letters"


def test_pseudonyms_link_across_tables_and_months():
    first = pseudonymise(pd.DataFrame({"case_id": ["C1", "C2"], "person_id": ["P1", None]}), key=KEY)
    second = pseudonymise(pd.DataFrame({"case_id": ["C2", "C3", "C1"]}), key=KEY)
    assert first["case_id"].tolist() == [second["case_id"][2], second["case_id"][0]]
    assert pd.isna(first["person_id"][1])


def test_a_pseudonym_is_keyed_and_not_a_bare_hash():
    ids = pd.DataFrame({"person_id": ["Z938000099001"]})
    made = pseudonymise(ids, key=KEY)["person_id"][0]
    assert made != pseudonymise(ids, key=KEY + "!")["person_id"][0]
    assert made != hashlib.sha256(b"Z938000099001").hexdigest()[:20]
    assert made == hmac.digest(KEY.encode(), b"person_id\x00Z938000099001", "sha256").hex()[:20]


def test_a_person_and_a_case_of_one_number_differ():
    both = pseudonymise(pd.DataFrame({"case_id": ["7"], "person_id": ["7"]}), key=KEY)
    assert both["case_id"][0] != both["person_id"][0]


def test_the_rest_and_the_input_stay_as_they_are():
    frame = pd.DataFrame({"case_id": ["C1"], "team": ["North"]}, index=[5])
    before = frame.copy()
    assert pseudonymise(frame, key=KEY)["team"].tolist() == ["North"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_short_key_and_a_frame_without_ids_are_refused():
    for key in ("", "short"):
        with pytest.raises(CommandError, match="shorter than 16"):
            pseudonymise(pd.DataFrame({"case_id": ["C1"]}), key=key)
    with pytest.raises(InputError, match="no column case_id or person_id"):
        pseudonymise(pd.DataFrame({"team": ["x"]}), key=KEY)


@pytest.mark.parametrize(
    ("ref", "shape"),
    [
        ("Z938000099001", "1 shaped like a UPN"),
        ("9900000011", "1 shaped like a ULN or an NHS number"),
        ("Sunny Quillfeather", "1 shaped like a name"),
    ],
)
def test_ids_that_name_a_child_do_not_leave_the_team_before_they_are_pseudonyms(ref, shape):
    asked = pd.DataFrame(
        {
            "case_id": [ref, "C-2"],
            "advice_type": "health",
            "provider": ["Therapies", "Paediatrics"],
            "requested_date": pd.to_datetime(["2025-05-29", "2025-05-29"]),
        }
    )

    def pack(advice, provider):
        tracked = ehc.track_advice(advice, as_at=date(2025, 7, 31))
        return ehc.provider_pack(tracked, provider=provider)

    with pytest.raises(InputError, match=shape) as refused:
        pack(asked, "Therapies")
    assert ref not in str(refused.value)
    assert len(pack(asked, "Paediatrics").tables["outstanding_list"]) == 1  # the other's id is not in it
    keyed = ehc.pseudonymise(asked, key="not kept beside the file")
    assert len(pack(keyed, "Therapies").tables["outstanding_list"]) == 1
