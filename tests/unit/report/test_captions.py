"""Captions of figures and tables in Snakemake's report."""

import re

import pytest

from field_words import GIVEN_UP
from foldcast.fingerprint import WORKFLOW

CAPTIONS = sorted((WORKFLOW / "report").glob("*.rst"))


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda path: path.stem)
def test_captions_say_no_word_that_we_gave_up(caption):
    said = re.sub(r"{{.*?}}|{%.*?%}", "", caption.read_text(), flags=re.DOTALL)
    assert not GIVEN_UP.search(" ".join(said.split()))
