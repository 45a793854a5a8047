"""The texts within a gene's name: around and in brackets, ids and symbols that were joined."""

import re

QUOTES = "\"'`´‘’“”"
INVISIBLE = re.compile("[\ufeff\u200b\u200e\u200f]")
# What sets two names of one gene apart in one cell. A comma or a slash does not: those list genes.
JOINTS = re.compile(r"\s*(?:\|+|;|///|::|__|\t)\s*")
# What stands before an id in Ensembl's GFF3, NCBI's GFF, cross-references and KEGG (hsa:7157).
PREFIX = re.compile(
    r"(?:gene|transcript|gene_?id|gene_?name|gene_?symbol|symbol|entrez(?:gene|_?id)?|"
    r"ncbi_?gene(?:id)?|ensembl|ensgene|flybase|sgd|wormbase|wb|tair|locus|locus_tag|id|name)"
    r"\s*[:=]\s*|(?:gene|rna)-|[a-z]{3}:(?=\d+$)",
    re.IGNORECASE,
)
# Ids that are known by their form wherever they stand in a name: ENSG…_TP53, TP53-ENSG….5
ID_FORMS = (
    r"ENS[A-Z]*\d{6,}(?:\.\d+)?(?:_PAR_Y)?(?:\.\d+)?",
    r"FBgn\d{7}",
    r"WBGene\d{8}",
    r"Y[A-P][LR]\d{3}[CW](?:-[A-Z])?",
    r"AT[1-5CM]G\d{5}",
    r"[A-Z]{3,}\d{8,}",
)
INNER_ID = re.compile(
    rf"(?<![A-Z0-9])(?:{'|'.join(ID_FORMS)})(?:\.\d+)?(?![A-Z0-9])", re.IGNORECASE
)
EDGES = " _|:;,-/.()[]{}="
UNIPROT_LISTS = ("sp", "tr")  # sp|P04637|P53_HUMAN
NOTHING = {"", "na", "nan", "none", "null", "?", "-", "--", "---", "."}


def clean(name: str) -> str:
    """A name without quotes around it, blanks at its ends and letters that nobody sees."""
    name = INVISIBLE.sub("", name).replace("\u00a0", " ").strip()
    while len(name) > 1 and name[0] in QUOTES and name[-1] in QUOTES:
        name = name[1:-1].strip()
    # A spreadsheet's mark of a cell that is text.
    return name[1:].strip() if name.startswith("'") else name


def parts(name: str) -> tuple[list[str], list[str]]:
    """The texts outside and inside brackets; a gap of two spaces divides as brackets do."""
    inside = [text.strip() for text in re.findall(r"[(\[]([^()\[\]]*)[)\]]", name)]
    outside = re.split(r"\s{2,}", re.sub(r"[(\[][^()\[\]]*[)\]]", "  ", name).strip())
    return [t for t in outside if t], [t for t in inside if t]


def joined(name: str) -> tuple[list[str], list[str]]:
    """The ids, and the other texts, of a name that is more than one of them or has a prefix.

    ``ENSG00000141510.12|TP53``, ``TP53_ENSG00000141510``, ``gene:YAL001C``, ``TP53|7157``. A number
    is an id only behind a prefix or beside one other text: in longer names it may be a length.

    Returns:
        both empty where the name is one text.
    """
    pieces = JOINTS.split(name)
    two = len(pieces) == 2
    pieces = [piece for piece in pieces if piece.casefold() not in NOTHING]
    if len(pieces) > 1 and pieces[0] in UNIPROT_LISTS:
        del pieces[0]
    ids: list[str] = []
    others: list[str] = []
    for piece in pieces:
        bare = clean(PREFIX.sub("", piece, count=1)) if PREFIX.match(piece) else piece
        if bare.isdigit():
            (ids if bare != piece or two else others).append(bare)
            continue
        ids += INNER_ID.findall(bare)
        others += [text for text in _around(bare) if text.casefold() not in NOTHING]
    if ids == [name] or (not ids and others == [name]):
        return [], []
    return list(dict.fromkeys(ids)), list(dict.fromkeys(others))


def _around(text: str) -> list[str]:
    """What is left of a text without the ids in it."""
    if not INNER_ID.search(text):
        return [text]
    return [left.strip(EDGES) for left in INNER_ID.split(text)]
