"""Headings of personal details, which are never kept: no question needs them."""

import re

_PERSONAL = frozenset(
    {
        "surname", "familyname", "lastname", "forename", "firstname", "givenname", "middlename", "preferredname", "name",
        "fullname", "childname", "pupilname", "studentname", "childsname", "pupilsname", "upn", "formerupn", "upnunknown", "uln", "uniquelearnernumber",
        "uniquepupilnumber", "nhsnumber", "nhsno", "nino", "postcode", "homepostcode", "address", "addressline1", "addressline2", "homeaddress", "email", "emailaddress",
        "telephone", "phone", "mobile", "parentname", "carername", "parentcarername", "dob", "dateofbirth", "birthdate",
        "personbirthdate", "ethnicity", "sex", "gender", "gendercurrent", "religion", "firstlanguage",
    }
)  # fmt: skip


def plain(heading: str) -> str:
    """Reduce a heading to its letters and digits, for comparison.

    >>> plain("Request Outcome_Date"), plain("RequestOutcomeDate")
    ('requestoutcomedate', 'requestoutcomedate')
    """
    return re.sub(r"[\W_]+", "", heading).casefold()


def is_personal(heading: str) -> bool:
    """Say whether a heading is that of a name, a number that names a child, an address or a birth date.

    >>> is_personal("Date of Birth"), is_personal("Post Code"), is_personal("received_date")
    (True, True, False)
    """
    return plain(heading) in _PERSONAL
