"""Pain and Disability Drivers Management model, clinician's rating.

Units: for each of five domains `none`, `A` (common, more modifiable), `B` (complex) or `AB`; no
total score exists. Rule: a domain with a missing rating is null, and then so is the count.
Source: Tousignant-Laflamme 2017; rating scale of Naye 2022.
"""

from instruments.scoring.inputs import Answers, Codes, Rule, Values, read, same

DOMAINS = (
    "nociceptive",
    "nervous_system",
    "comorbidity",
    "cognitive_emotional",
    "contextual",
)
RATINGS = tuple(f"{domain}_{category}" for domain in DOMAINS for category in "AB")
ITEMS = same(RATINGS, Codes(0, 1))
SCORES = ("profile", "n_domains_present")


def score(answers: Answers) -> Values:
    """Return profile (by domain) and n_domains_present; raises ScoreInputError."""
    values = read(ITEMS, answers)
    profile = {domain: rating(values, domain) for domain in DOMAINS}
    rated = [word for word in profile.values() if word is not None]
    whole = len(rated) == len(DOMAINS)
    present = sum(word != "none" for word in rated)
    return {"profile": profile, "n_domains_present": present if whole else None}


def rating(values: Values, domain: str) -> str | None:
    common, complex_ = values[f"{domain}_A"], values[f"{domain}_B"]
    if common is None or complex_ is None:
        return None
    return ("A" * common + "B" * complex_) or "none"


RULE = Rule("pddm-1", score, ITEMS, RATINGS, SCORES)
