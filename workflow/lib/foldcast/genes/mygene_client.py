"""Asking mygene.info, through its own client (package mygene)."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
import mygene

from foldcast.errors import InputError, first_few
from foldcast.genes.mygene_records import Answers
from foldcast.job import log, progress

BATCH = 1000
ATTEMPTS = 5
TIMEOUT = httpx.Timeout(60.0, connect=15.0)  # the client's own is none at all
TRANSIENT = (429, 500, 502, 503, 504)
# Scores and versions change from day to day and decide nothing here.
FLEETING = {"query", "_score", "_version"}


def ask(
    texts: Iterable[str],
    species: str,
    scopes: Sequence[str],
    fields: Sequence[str],
    url: str,
    *,
    remedy: str,
    backoff: float = 1.0,
    delay: float = 1.0,
) -> Answers:
    """What mygene.info knows of each text, as its own records; [] where it knows nothing.

    A text about which the service is silent is left out, and it is said.

    Args:
        texts: names, symbols or ids.
        species: mygene.info's name for it, or its taxon number.
        scopes: what the texts are taken for (symbol, alias, entrezgene, …).
        fields: what is asked about each gene.
        url: of the service, such as https://mygene.info/v3.
        remedy: what the user can do where the service does not answer.
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
    found: Answers = defaultdict(list)

    def once(batch: list[str]) -> list[dict]:
        return client.querymany(
            batch, scopes=list(scopes), fields=list(fields), species=species, verbose=False
        )

    try:
        for number, batch in enumerate(progress(batches, what="asking mygene.info (batches)")):
            time.sleep(delay if number else 0)
            for record in _patiently(once, batch, client.url, remedy, backoff):
                found[str(record["query"])].append(record)
    finally:
        client.http_client.close()
    if silent := [text for text in texts if text not in found]:
        log.warning("%s is silent about %d texts: %s", url, len(silent), first_few(silent))
    return {text: _records(found[text]) for text in texts if text in found}


def _patiently(once: Any, batch: list[str], url: str, remedy: str, backoff: float) -> list[dict]:
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            log.info("%s: %s; trying again", url, reason)
            time.sleep(backoff * 2 ** (attempt - 1))
        try:
            return once(batch)
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            reason = f"HTTP {status} {error.response.reason_phrase}"
            if status not in TRANSIENT:
                raise _failed(url, reason, remedy) from error
        except httpx.TimeoutException as error:
            reason = f"no answer in time ({type(error).__name__})"
        except httpx.TransportError as error:
            reason = f"no answer ({error})"
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # The client looks into the records before it hands them out.
            found = f"something else than records ({error!r:.80})"
            raise _failed(url, found, remedy) from error
    raise _failed(url, f"{reason}, {ATTEMPTS} times in a row", remedy)


def _records(hits: list[dict]) -> list[dict]:
    """The hits without what changes from day to day, each gene once, in a fixed order."""
    genes = {
        str(hit["_id"]): {key: value for key, value in hit.items() if key not in FLEETING}
        for hit in hits
        if not hit.get("notfound")
    }
    return [genes[id] for id in sorted(genes)]


def _failed(url: str, found: str, remedy: str) -> InputError:
    return InputError(
        url, found=found, expected="answers of mygene.info's API, version 3", remedy=remedy
    )
