"""Bad arms of a time course, and what must be said of each."""

from typing import Any

from bad_input import Bad
from small_lab import CONFIG, SHEET, Lab, Spoil


def arms(of, **keys: Any) -> Spoil:
    """A column ``arm`` in the sheet, of each sample by its number; keys of the dataset."""

    def spoil(lab: Lab) -> None:
        header, *rows = lab.rows(SHEET)
        lab.put([[*header, "arm"], *([*row, of(k)] for k, row in enumerate(rows))], SHEET)
        for key, value in keys.items():
            lab.set(f"datasets.mrna.{key}", value)

    return spoil


def two(lab: Lab, **others: Any) -> None:
    """A second dataset of the other replicates, which the first is held against."""
    arms(lambda k: "ab"[k % 2], arm="a", against="other")(lab)
    lab.set(
        "datasets.other", {**lab.config["datasets"]["mrna"], "arm": "b", "against": None, **others}
    )


def never_at_once(lab: Lab) -> None:
    two(lab)
    header, *rows = lab.rows(SHEET)
    lab.put([header, *([*r[:2], str(int(r[2]) + (r[4] == "b")), *r[3:]] for r in rows)], SHEET)


CASES = {
    "arms of which none is asked for": Bad(arms(lambda k: "ab"[k % 2]), SHEET, "2 arms: 'a', 'b'", "against: DATASET"),
    "an arm that is not there": Bad(arms(lambda k: "drug", arm="drgu"), SHEET, "no arm 'drgu'", "did you mean drug?"),
    "an arm of a sheet without": Bad(lambda lab: lab.set("datasets.mrna.arm", "drug"), SHEET, "no arms", "leave `arm` out"),
    "a sample without an arm": Bad(arms(lambda k: "a" if k else ""), SHEET, "2 arms: '', 'a'", "make a dataset of each"),
    "an arm against nobody": Bad(lambda lab: lab.set("datasets.mrna.against", "control"), CONFIG, "'control'", "define it"),
    "an arm against itself": Bad(lambda lab: lab.set("datasets.mrna.against", "mrna"), CONFIG, "'mrna'", "define it"),
    "arms that were never sampled at once": Bad(never_at_once, "config", "no common time of mrna and other", "sample both at the same times"),
    "an arm of miRNAs against genes": Bad(lambda lab: two(lab, nodes="mirna"), CONFIG, "nodes are of kind mirna", "hold like against like"),
}  # fmt: skip
