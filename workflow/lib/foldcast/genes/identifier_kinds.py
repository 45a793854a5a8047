"""Which kind of id gene names are, and of which species: by their form, else by their letters."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from foldcast.genes.name_parts import clean, joined

ENSEMBL_SPECIES = {
    "": "human", "MUS": "mouse", "RNO": "rat", "DAR": "zebrafish", "GAL": "chicken",
    "SSC": "pig", "BTA": "cow", "CAF": "dog", "XET": "frog", "MMU": "macaque",
    "PTR": "chimpanzee", "OCU": "rabbit", "OAR": "sheep", "ECA": "horse", "FCA": "cat",
}  # fmt: skip
MIRBASE_SPECIES = {
    "hsa": "human", "mmu": "mouse", "rno": "rat", "dre": "zebrafish", "dme": "fruitfly",
    "cel": "nematode", "gga": "chicken", "ssc": "pig", "bta": "cow", "ath": "thale-cress",
}  # fmt: skip
SYMBOLS = "symbols"
ENSEMBL, ENTREZ = "Ensembl gene ids", "Entrez (NCBI) gene numbers"
MIRNAS, UNIPROT = "names of miRNAs", "UniProt accessions"
# Form of an id → its kind and, where the form tells it, its species. Letters in either case.
FORMS = {
    r"FBgn\d{7}": ("FlyBase gene ids", "fruitfly"),
    r"FBtr\d{7}": ("FlyBase transcript ids", "fruitfly"),
    r"WBGene\d{8}": ("WormBase gene ids", "nematode"),
    r"Y[A-P][LR]\d{3}[CW](-[A-Z])?": ("systematic names of yeast (SGD)", "yeast"),
    r"S00\d{7}": ("SGD ids", "yeast"),
    r"AT[1-5CM]G\d{5}(\.\d+)?": ("TAIR gene ids", "thale-cress"),
    r"[NX][MR]_\d{5,}(\.\d+)?": ("RefSeq transcript ids", ""),
    r"[NXY]P_\d{5,}(\.\d+)?": ("RefSeq protein ids", ""),
    r"uc\d{3}[a-z]{3}\.\d+": ("UCSC transcript ids", ""),
    r"HGNC:\d+": ("HGNC numbers", "human"),
    r"MGI:\d+": ("MGI numbers", "mouse"),
    r"RGD:\d+": ("RGD numbers", "rat"),
    r"ZDB-GENE-[\d-]+": ("ZFIN ids", "zebrafish"),
    r"\d+_([asx]_|[a-z]{1,2}_)?at": ("probes of Affymetrix", ""),
    r"ILMN_\d+": ("probes of Illumina", ""),
    r"A_\d{2}_P\d+": ("probes of Agilent", ""),
    r"(MSTRG|STRG|XLOC|CUFF)[._]\d+": ("numbers of assembled transcripts (StringTie)", ""),
    r"(sp|tr)\|.+|[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d([A-Z][A-Z\d]{2}\d){1,2}": (UNIPROT, ""),
    r"MIMAT\d{7}|MI\d{7}": ("miRBase accessions", ""),
    r"\d+(\.0)?": (ENTREZ, ""),
}
_KINDS = list(FORMS.values())
# One expression, since a genome has hundreds of thousands of names.
_ANY = re.compile("|".join(f"(?P<k{k}>{form})" for k, form in enumerate(FORMS)), re.IGNORECASE)
_ENSEMBL = re.compile(
    r"ENS([A-Z]{3}(?=[A-Z])|)([GTPE])R?\d{6,}(?:\.\d+)?(?:_PAR_Y)?(?:\.\d+)?", re.I
)
_ENSEMBL_KINDS = {"G": ENSEMBL, "T": "Ensembl transcript ids", "P": "Ensembl protein ids"}
_MIRNA = re.compile(r"([a-z]{3,4})-(?:mir|let)-.+", re.I)

# What has no locus by itself → how the genes behind it are had.
_SUM = "sum the transcripts of each gene first (tximport with tx2gene; salmon and RSEM write genes)"
_PROBES = (
    "give the genes' symbols instead, from the platform's annotation (GEO's GPL table, or "
    "Bioconductor), one row per gene; or say them in `overrides`"
)
_PROTEINS = (
    "give the genes' symbols or ids instead (UniProt's ID mapping); or say them in `overrides`"
)
NO_GENES = {
    "probes of Affymetrix": _PROBES,
    "probes of Illumina": _PROBES,
    "probes of Agilent": _PROBES,
    "numbers of assembled transcripts (StringTie)": "take the table with the reference's genes: "
    "assemble with `-e -G` and write counts with prepDE.py (its `id|symbol` names are read)",
    UNIPROT: _PROTEINS,
    "RefSeq protein ids": _PROTEINS,
    "Ensembl protein ids": _PROTEINS,
    **dict.fromkeys(
        (
            "UCSC transcript ids",
            "RefSeq transcript ids",
            "Ensembl transcript ids",
            "FlyBase transcript ids",
        ),
        _SUM,
    ),
}
# How symbols are written → of which species that is the custom.
WRITING = {"TP53": "human", "Trp53": "mouse or rat", "tp53": "zebrafish or frog"}
# Fewer names say nothing about a species: a panel of ten may well be written by hand.
LEAST_NAMES = 10
# Names of one form, or written in one way, among all: tables mix in controls and odd names.
MAIN = 0.7


@dataclass(frozen=True)
class Guess:
    """What most of some names are.

    kind: such as `ENSEMBL`; empty where no kind is that of most.
    species: empty where the names do not tell it.
    example: the first such name.
    """

    kind: str
    species: str
    example: str

    def __str__(self) -> str:
        if not self.kind:
            return "names of several kinds"
        if self.kind == SYMBOLS:
            how = f" written as those of {self.species}" if self.species else ""
            return f"symbols{how} ({self.example})"
        return f"{self.kind}{f' of {self.species}' if self.species else ''} ({self.example})"


def kind_of(text: str) -> tuple[str, str]:
    """Kind and species (empty where not told) of one id; what has no form of an id is a symbol."""
    if match := _ENSEMBL.fullmatch(text):
        code, letter = match[1].upper(), match[2].upper()
        return _ENSEMBL_KINDS.get(letter, ENSEMBL), ENSEMBL_SPECIES.get(code, f"ENS{code}")
    if match := _MIRNA.fullmatch(text):
        return MIRNAS, MIRBASE_SPECIES.get(match[1].lower(), "")
    if match := _ANY.fullmatch(text):
        return _KINDS[int(str(match.lastgroup)[1:])]
    return SYMBOLS, ""


def is_gene_id(text: str) -> bool:
    """Whether a text can only be an id; H2BC12 looks like UniProt's and is a symbol."""
    return kind_of(text)[0] not in (SYMBOLS, MIRNAS, UNIPROT)


def guess(names: Iterable[str]) -> Guess:
    """What most of some gene names are; a name of id and symbol counts as an id."""
    kinds: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    symbols = []
    for name in map(clean, names):
        ids, others = joined(name)
        if ids:
            kind = next((k for k in map(kind_of, ids) if k[0] != SYMBOLS), (SYMBOLS, ""))
        else:
            # An assembled transcript's number beside a symbol (MSTRG.7|TP53) is no matter.
            found = [kind_of(text) for text in others]
            kind = kind_of(name) if not found or (SYMBOLS, "") in found else found[0]
        kinds[kind] += 1
        examples.setdefault(kind, name)
        if kind[0] == SYMBOLS:
            symbols.append(next((text for text in others if kind_of(text)[0] == SYMBOLS), name))
    if not kinds:
        return Guess("", "", "")
    kind, count = kinds.most_common(1)[0]
    if count < MAIN * kinds.total():
        return Guess("", "", "")
    if kind[0] == SYMBOLS:
        written = writing(symbols)
        example = next((name for name in symbols if _written(name) == written), symbols[0])
        return Guess(SYMBOLS, WRITING.get(written, ""), example)
    return Guess(*kind, examples[kind])


def kinds_in(texts: Iterable[str]) -> dict[str, set[str]]:
    """Kinds of id among some texts, each with the species that they are of."""
    found: dict[str, set[str]] = {}
    for text in texts:
        kind, species = kind_of(text)
        found.setdefault(kind, set()).add(species)
    return found


def writing(symbols: Iterable[str]) -> str:
    """How most symbols are written, a key of `WRITING`; empty where there are few, or no custom."""
    ways = Counter(way for way in map(_written, symbols) if way)
    if ways.total() < LEAST_NAMES:
        return ""
    way, count = ways.most_common(1)[0]
    return way if count >= MAIN * ways.total() else ""


def _written(symbol: str) -> str:
    letters = re.sub("[^A-Za-z]", "", symbol)
    if len(letters) < 2:
        return ""
    if letters.isupper():
        return "TP53"
    if letters.islower():
        return "tp53"
    return "Trp53" if letters == letters.capitalize() else ""
