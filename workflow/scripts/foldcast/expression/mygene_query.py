"""Asking mygene.info, through its own client (package mygene)."""

import time
from collections import defaultdict
from collections.abc import Iterable

import httpx
import mygene

from foldcast.errors import InputError
from foldcast.expression.mygene_answers import UCSC, Answers
from foldcast.job import log, progress

BATCH = 1000
ATTEMPTS = 5
TIMEOUT = httpx.Timeout(60.0, connect=15.0)  # the client's own is none at all
TRANSIENT = (429, 500, 502, 503, 504)
SCOPES = ["symbol", "alias", "entrezgene", "ensembl.gene"]
FIELDS = ["symbol", "alias", "name", "entrezgene", "ensembl.gene", "genomic_pos"]
SPECIES = {
    "mouse": ("mm", "GRCm", "MGSCv", "NCBIM"),
    "human": ("hg", "GRCh"),
    "rat": ("rn", "Rnor", "mRatBN"),
}
# Scores and versions change from day to day and decide nothing here.
FLEETING = {"query", "_score", "_version"}


def species_of(assembly: str) -> str:
    """mygene.info's species of a mouse, human or rat assembly.

    Raises:
        InputError: another assembly, of which the config must say the species.
    """
    for species, prefixes in SPECIES.items():
        if assembly.startswith(prefixes):
            return species
    raise InputError(
        "config",
        place="names.species",
        found=f"none, and the assembly {assembly} does not tell it",
        expected="mygene.info's name of the species, or its NCBI taxon number",
        remedy="set `names.species`, for example zebrafish or 9913",
    )


def ask(
    texts: Iterable[str],
    species: str,
    assembly: str,
    url: str,
    *,
    backoff: float = 1.0,
    delay: float = 1.0,
) -> Answers:
    """What mygene.info knows of each text, as its own records; [] where it knows nothing.

    Args:
        texts: names, symbols or ids.
        species: mygene.info's name for it, or its taxon number.
        assembly: beside ``genomic_pos``, positions in this assembly are asked for.
        url: of the service, such as https://mygene.info/v3.
        backoff: seconds before the second attempt; doubles with every further one.
        delay: seconds between batches of 1000, as the service asks for.

    Raises:
        InputError: no network, no answer in time, an error or something else than answers.
    """
    client = mygene.MyGeneInfo()
    client.url, client.delay = url.rstrip("/"), 0
    client.http_client = httpx.Client(timeout=TIMEOUT)
    client.http_client_setup = True
    texts = sorted(set(texts))
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    fields = [*FIELDS, f"genomic_pos_{UCSC.get(assembly, assembly)}"]
    found: Answers = defaultdict(list)
    try:
        for number, batch in enumerate(progress(batches, what="asking mygene.info (batches)")):
            time.sleep(delay if number else 0)
            for record in _batch(client, batch, species, fields, backoff):
                found[str(record["query"])].append(record)
    finally:
        client.http_client.close()
    if silent := [text for text in texts if text not in found]:
        log.warning("%s is silent about %d texts: %s", url, len(silent), ", ".join(silent[:10]))
    return {text: _records(found[text]) for text in texts if text in found}


def _batch(
    client: mygene.MyGeneInfo, texts: list[str], species: str, fields: list[str], backoff: float
) -> list[dict]:
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            log.info("%s: %s; trying again", client.url, reason)
            time.sleep(backoff * 2 ** (attempt - 1))
        try:
            return client.querymany(
                texts, scopes=SCOPES, fields=fields, species=species, verbose=False
            )
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            reason = f"HTTP {status} {error.response.reason_phrase}"
            if status not in TRANSIENT:
                raise _failed(client.url, reason) from error
        except httpx.TimeoutException as error:
            reason = f"no answer in time ({type(error).__name__})"
        except httpx.TransportError as error:
            reason = f"no answer ({error})"
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # The client looks into the records before it hands them out.
            raise _failed(client.url, f"something else than records ({error!r:.80})") from error
    raise _failed(client.url, f"{reason}, {ATTEMPTS} times in a row")


def _records(hits: list[dict]) -> list[dict]:
    """The hits without what changes from day to day, each gene once, in a fixed order."""
    genes = {
        str(hit["_id"]): {key: value for key, value in hit.items() if key not in FLEETING}
        for hit in hits
        if not hit.get("notfound")
    }
    return [genes[id] for id in sorted(genes)]


def _failed(url: str, found: str) -> InputError:
    return InputError(
        url,
        found=found,
        expected="answers of mygene.info's API, version 3",
        remedy="run again later; or bring answers asked for elsewhere as `names.cache`; "
        "or do without, with `names.resolver: annotation`",
    )
