"""Hip range of motion, flexion and extension, both sides.

Units: degrees; higher is more mobile; an extension that does not reach neutral is negative.
Rule: mean and greatest of the trials done, with their number; null without a trial.
"""

from instruments.scoring.inputs import Answers, Numbers, Rule, Values, read, rounded, same

SETS = tuple(f"{movement}_{side}" for movement in ("flexion", "extension") for side in ("left", "right"))
TRIALS = tuple(f"{name}_{trial}" for name in SETS for trial in (1, 2, 3))
ITEMS = same(TRIALS, Numbers(-60, 180))
SCORES = tuple(f"{name}_{what}" for name in SETS for what in ("mean_deg", "max_deg", "n_trials"))


def score(answers: Answers) -> Values:
    """Return <movement>_<side>_mean_deg, _max_deg and _n_trials; raises ScoreInputError."""
    values = read(ITEMS, answers)
    scores: Values = {}
    for name in SETS:
        trials = [values[f"{name}_{trial}"] for trial in (1, 2, 3)]
        done = [degrees for degrees in trials if degrees is not None]
        scores[f"{name}_mean_deg"] = rounded(sum(done) / len(done)) if done else None
        scores[f"{name}_max_deg"] = max(done, default=None)
        scores[f"{name}_n_trials"] = len(done)
    return scores


RULE = Rule("hip_rom-1", score, ITEMS, TRIALS, SCORES)
