"""Bad values of the config itself, and what must be said of each."""

from typing import Any

from bad_input import Bad
from small_lab import CONFIG, MAP, TABLE, Spoil


def put(key: str, value: Any) -> Spoil:
    return lambda lab: lab.set(key, value)


CASES = {
    "a key that is misspelt": Bad(put("datasets.mrna.value", "log2"), CONFIG, "datasets.mrna.value: unknown key", "mend the keys"),
    "values of no kind": Bad(put("datasets.mrna.values", "tpm"), CONFIG, "'tpm' is not one of", "mend the keys"),
    "a number for a name": Bad(put("name", 2024), CONFIG, 'quote it ("2024")', "mend the keys"),
    "yes and no for a name": Bad(put("genome.assembly", False), CONFIG, 'quote it, as in "no"', "mend the keys"),
    "a name with a blank": Bad(put("maps", {"my map": {"path": MAP, "format": "mcool"}}), CONFIG, "the name 'my map'", "mend the keys"),
    "a name with a line's end": Bad(put("name", "lab\n"), CONFIG, "does not match", "mend the keys"),
    "a name that climbs out": Bad(put("name", "../lab"), CONFIG, "does not match", "mend the keys"),
    "no name": Bad(put("name", None), CONFIG, "missing name", "mend the keys"),
    "an infinite number": Bad(put("graphs.folded.weights", {"hic": float("inf")}), CONFIG, "inf is no finite number", "mend the keys"),
    "a share above one": Bad(put("evaluation.first_origin", 1.5), CONFIG, "evaluation.first_origin", "mend the keys"),
    "a resolution as text": Bad(put("graphs.folded.resolution", "10kb"), CONFIG, "'10kb' is not of type", "mend the keys"),
    "no resolution": Bad(put("graphs.folded.resolution", None), CONFIG, "no resolution", "give `resolution`"),
    "an unknown map": Bad(put("graphs.folded.maps", ["fold"]), CONFIG, "'fold'", "did you mean folded?"),
    "an unknown graph": Bad(put("datasets.mrna.graphs", ["fold"]), CONFIG, "'fold'", "did you mean folded?"),
    "a map twice without a time": Bad(lambda lab: (lab.set("maps.again", {"path": MAP, "format": "mcool"}), lab.set("graphs.folded.maps", ["folded", "again"])), CONFIG, "2 maps without a time", "give the others their `time`"),
    "a map from after the last time": Bad(put("maps.folded.time", 99), CONFIG, "no map for 0, 2", "name a static map"),
    "neither half": Bad(lambda lab: lab.config.pop("datasets"), CONFIG, "neither", "give `datasets`"),
    "a table and interactions": Bad(put("datasets.mrna.interactions", {"path": TABLE}), CONFIG, "expression and interactions", "leave one"),
    "no sample sheet": Bad(put("datasets.mrna.samples", None), CONFIG, "no sample sheet", "samples: FILE"),
    "no sample sheet there": Bad(put("datasets.mrna.samples", "data/sheet.tsv"), "data/sheet.tsv", "no such file", "check the path"),
    "neither path nor address": Bad(put("datasets.mrna.expression", {}), CONFIG, "neither `path` nor `url`", "path: FILE"),
    "an address without a server": Bad(put("datasets.mrna.expression", {"url": "https:///table.tsv"}), CONFIG, "does not match", "mend the keys"),
    "an address that climbs": Bad(put("datasets.mrna.expression", {"url": "https://a.org/../../table.tsv"}), CONFIG, "climbs with ..", "copy the link"),
    "an address of no kind": Bad(put("datasets.mrna.expression", {"url": "sftp://a.org/table.tsv"}), CONFIG, "datasets.mrna.expression.url", "mend the keys"),
    "a checksum that is none": Bad(put("datasets.mrna.expression", {"url": "https://a.org/t.tsv", "checksum": "sha256:12"}), CONFIG, "checksum", "mend the keys"),
    "genes to draw that are not there": Bad(put("report", {"genes": ["GENE01"]}), "config", "'GENE01'", "did you mean GENE0"),
    "classes of nobody": Bad(put("datasets.mrna.classes", {"column": 1, "endogenous": ["x"]}), TABLE, "no row of class 'x'", "known: CTRL1"),
    "normalising without controls": Bad(put("datasets.mrna.normalise", "housekeeping"), TABLE, "housekeeping", "classes"),
    "heads that do not share the channels": Bad(put("step.stepmi", {"heads": 5}), CONFIG, "5 heads for 32 channels", "a divisor of 32"),
    "a joint embedding that is causal": Bad(put("graphs.folded.embedding.method", "joint"), CONFIG, "joint, which sees the future", "causal: false"),
    "no species of an unknown assembly": Bad(put("names", {"resolver": "mygene"}), "config", "does not tell it", "names.species"),
}  # fmt: skip
