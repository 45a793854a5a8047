"""A run of the sequence half: its chromosomes, its feature sets, and checks of its config.

Imported when the workflow is parsed, so nothing but the standard library is imported here.
"""

import re
from collections.abc import Mapping

from foldcast.errors import InputError, known_name

AUTOSOMES = {"hg": 22, "GRCh": 22, "mm": 19, "GRCm": 19}  # by the assembly's first letters
COUNTED = ("cool", "mcool", "hic", "hicpro")  # formats whose maps hold counts, and can be thinned
# Kinds of genes by the biotypes that mean them: since 2019 Ensembl and GENCODE call lincRNA and its
# like lncRNA.
TYPES = {"protein_coding": {"protein_coding"}, "lincRNA": {"lincRNA", "lncRNA"}}
# Names of feature sets that are no maps: sequence alone, no network, every map together.
EXPECTO, PROMOTER, ALL = "expecto", "promoter", "all"
# Names of feature sets and of what stands beside feature sets in files: no map can be called so.
TAKEN = {EXPECTO, PROMOTER, ALL, "features", "genes"}


def base_in_words(base: str) -> str:
    """What maps are added to."""
    table = f"table {base.partition('+')[2]}"
    return {EXPECTO: "ExPecto", PROMOTER: "the promoter alone"}.get(base, table)


def counted_maps(run: Mapping, maps: Mapping) -> list[str]:
    """The run's maps that hold counts, in the config's order."""
    return [name for name in run["maps"] if maps[name]["format"] in COUNTED]


def contact_sources(run: Mapping, maps: Mapping) -> list[str]:
    """The run's maps, and those of them that are thinned to one depth (``<map>+depth``).

    Depths can be matched among two maps or more that hold counts.
    """
    counted = counted_maps(run, maps)
    thinned = "depth" in run["control_contacts"]["kinds"] and len(counted) > 1
    return [*run["maps"], *(f"{name}+depth" for name in counted if thinned)]


def feature_sets(run: Mapping, maps: Mapping) -> list[str]:
    """The feature sets that a run compares, by name.

    The base, `promoter`, each map (the base with what a map adds), `all` of them together, the
    control contacts of each map (``<map>+<control>``) and the user's tables (``features+<name>``).
    """
    controls = run["control_contacts"]
    seeded = {kind: controls["seeds"] for kind in ("shuffled", "random")}
    found = [run["base"], PROMOTER, *run["maps"], *([ALL] if len(run["maps"]) > 1 else [])]
    for name in run["maps"]:
        for kind in controls["kinds"]:
            if kind != "depth":
                found += [f"{name}+{kind}{seed}" for seed in seeded.get(kind, [""])]
    found += [source for source in contact_sources(run, maps) if source not in run["maps"]]
    return list(dict.fromkeys([*found, *(f"features+{name}" for name in run["features"])]))


def predicted_by(run: Mapping, assembly: str) -> list[str]:
    """The feature sets by which a run predicts genes without a label."""
    predict = run["predict"]
    if run["base"] != EXPECTO:
        return predict["feature_sets"] or [PROMOTER]
    known = [EXPECTO, PROMOTER]
    if not predict["genome"] or predict["genome"]["assembly"] == assembly:
        known += [*run["maps"], *([ALL] if len(run["maps"]) > 1 else [])]
    return predict["feature_sets"] or known


def settle_spex(config: dict, source: str) -> None:
    """Check what a schema cannot, and fill in a run's chromosomes where it names none.

    Raises:
        InputError: a run without sequence, weights, chromosomes or resolution; names of maps or
            chromosomes that are not there.
    """
    for name, run in config["spex"].items():
        _settle_run(f"spex.{name}", run, config, source)


def _settle_run(place: str, run: dict, config: dict, source: str) -> None:
    needed = {"genome.fasta": (config["genome"]["fasta"], "a sequence to read")}
    _settle_base(place, run, source)
    if run["base"] == EXPECTO:
        needed["beluga.weights"] = (config["beluga"]["weights"], "Beluga's weights")
    for key, (given, what) in needed.items():
        if not given:
            raise InputError(
                source,
                place=key,
                found="null",
                expected=f"{what}: {place} needs it",
                remedy=f"give `{key}`",
            )
    if run["known_effects"] and not run["variants"]:
        run["variants"] = {**run["known_effects"], "strict": False, "resolve": None, "genes": None}
    known_name(run["maps"], config["maps"], source, f"{place}.maps")
    known_name(run["matched"].values(), run["maps"], source, f"{place}.matched")
    if run["tissues"]:
        known_name(run["matched"], run["tissues"], source, f"{place}.matched")
    for taken in TAKEN & {*run["maps"]}:
        raise InputError(
            source,
            place=f"{place}.maps",
            found=f"a map named {taken}",
            expected="another name: this one has a meaning of its own beside maps",
            remedy="rename the map",
        )
    if run["maps"] and not run["resolution"]:
        raise InputError(
            source,
            place=f"{place}.resolution",
            found="no resolution",
            expected="the bin size (bp) at which contacts are read",
            remedy="give `resolution`, one that every map has",
        )
    if run["expression"]["id"] == "entrez" and not run["expression"]["ids"]:
        raise InputError(
            source,
            place=f"{place}.expression.ids",
            found="null",
            expected="a table that joins Entrez and Ensembl ids",
            remedy="give `ids`, with the columns ensgene and entrez",
        )
    _settle_chromosomes(place, run, config["genome"]["assembly"], source)
    if run["predict"]:
        _settle_predict(f"{place}.predict", run, config["genome"]["assembly"], source)


def _settle_base(place: str, run: dict, source: str) -> None:
    """What maps are added to, and what else asks for Beluga."""
    tables = [f"features+{name}" for name in run["features"]]
    known_name([run["base"]], [EXPECTO, PROMOTER, *tables], source, f"{place}.base")
    if run["base"] == EXPECTO:
        return
    found = expected = remedy = ""
    if asked := next(
        (key for key in ("variants", "known_effects", "haplotypes", "mutagenesis") if run[key]),
        None,
    ):
        found, expected = f"`{asked}`", "a run on `expecto`: a variant is read by Beluga"
        remedy = f"leave `{asked}` out, or give it to another run"
    elif run["maps"] and run["contacts"]["without"] == "local":
        found, expected = "`contacts.without: local`", "`zeros`: there are no local windows"
        remedy = "say `without: zeros`"
    if found:
        place = f"{place}.base"
        raise InputError(
            source, place=place, found=f"{run['base']}, and {found}", expected=expected,
            remedy=remedy,
        )  # fmt: skip


def _settle_predict(place: str, run: dict, assembly: str, source: str) -> None:
    """What is predicted, by what, in which sequence; fills in the chromosomes."""
    predict, genome = run["predict"], run["predict"]["genome"]
    predict["chromosomes"] = predict["chromosomes"] or run["chromosomes"]
    maps = [*run["maps"], *([ALL] if len(run["maps"]) > 1 else [])]
    tables = [f"features+{name}" for name in run["features"]]
    by_beluga = [EXPECTO, *maps] if run["base"] == EXPECTO else []
    known = [PROMOTER, *by_beluga, *tables]
    known_name(predict["feature_sets"], known, source, f"{place}.feature_sets")
    other = genome is not None and genome["assembly"] != assembly
    mapped = [name for name in predict["feature_sets"] if name in maps]
    found, expected, remedy, key = "", "", "", place
    if not predict["genes"] and not predict["tss"]:
        found, expected = "neither `genes` nor `tss`", "genes whose expression is to be predicted"
        remedy = "say `genes: unlabelled`, or give `tss`"
    elif genome and predict["genes"]:
        key, found = f"{place}.genes", f"genes of {assembly}, while `genome` is another"
        expected, remedy = "TSS in that genome", "give `tss`, and `genes` in a run of its own"
    elif other and mapped:
        key, found = f"{place}.feature_sets", f"{', '.join(mapped)}, in {genome['assembly']}"
        expected = f"features of sequence alone: maps of {assembly} do not say what touches there"
        remedy = f"leave them out, or lift the TSS over to {assembly}"
    elif genome and str(genome["fasta"]["path"] or genome["fasta"]["url"]).endswith(".gz"):
        key, found = f"{place}.genome.fasta", "a gzipped file"
        expected, remedy = "a plain FASTA file", "unpack it (gunzip)"
    if found:
        raise InputError(source, place=key, found=found, expected=expected, remedy=remedy)


def _settle_chromosomes(place: str, run: dict, assembly: str, source: str) -> None:
    if not run["chromosomes"]:
        letters = re.match("[A-Za-z]*", assembly)
        count = AUTOSOMES.get(letters[0] if letters else "")
        if not count:
            raise InputError(
                source,
                place=f"{place}.chromosomes",
                found="none",
                expected=f"names: the autosomes of {assembly} are not known",
                remedy="name the chromosomes whose genes are to be predicted",
            )
        run["chromosomes"] = [f"chr{k}" for k in range(1, count + 1)]
    if run["hold_out"] == "each":
        if len(run["chromosomes"]) < 3:
            raise InputError(
                source,
                place=f"{place}.chromosomes",
                found=f"{len(run['chromosomes'])}",
                expected="three or more: one to test, one for validation, the rest to learn from",
                remedy="name more chromosomes",
            )
        return
    for role in ("test", "validation"):
        known_name(run[role], run["chromosomes"], source, f"{place}.{role}")
    if not {*run["chromosomes"]} - {*run["test"], *run["validation"]}:
        raise InputError(
            source,
            place=f"{place}.chromosomes",
            found="only those of `test` and `validation`",
            expected="others to learn from",
            remedy="name more chromosomes",
        )
