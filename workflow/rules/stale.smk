# stale: what else makes a rule stale than time stamps and single params; read when all rules are known
#
# Snakemake compares the values of params as a set, without their names: it does not see two that swap,
# nor one that takes another's value. And it goes by time stamps, which `mv`, `cp -p` and `unzip` keep.
# So every rule gets two params more, a hash of its params with their names, and what the files hold
# that a user gave. Both are functions of wildcards, so a job on a cluster asks for its own files only.

import hashlib
import inspect
from os.path import normpath  # how paths of `GIVEN` are written

from snakemake.io import is_callable

from foldcast.content_digest import KeptDigests

DIGESTS = KeptDigests(Path(".snakemake/foldcast/digests.json"))
GIVEN = given_files(config, RESULTS)


def named_values(params):
    """A hash of the params that Snakemake compares: those that no function makes from the input."""

    compared = {
        name: value
        for name, value in params.items()
        if not callable(value) or len(inspect.signature(value).parameters) == 1
    }

    def values(wildcards):
        made = {
            name: value(wildcards) if callable(value) else value
            for name, value in compared.items()
        }
        return hashlib.sha256(repr(made).encode()).hexdigest()[:16]

    return values


def given_content(rule):
    """Digests of a rule's input, where that is a file of the user's.

    The rule's `expand_input` would make Snakemake's files of all paths once more, which takes as long
    as the rest of a job. Paths with wildcards may stay as they are: the user's have no braces.
    """

    def paths(wildcards):
        for one in rule.input:
            if is_callable(one):
                found, incomplete = rule.apply_input_function(one, wildcards)
                yield from () if incomplete else paths_in(found)
            else:
                yield str(one)

    def given(wildcards):
        return {
            path: DIGESTS.of(path)
            for path in paths(wildcards)
            if normpath(path) in GIVEN
        }

    return given


def paths_in(files):
    """The paths that an input function returned: one, several, or such by name."""
    if isinstance(files, (str, Path)):
        return [str(files)]
    each = files.values() if isinstance(files, dict) else files
    return [path for one in each for path in paths_in(one)]


# In a module there are the importer's rules too, and ours come by as often as they are used.
for one in workflow.rules:
    if Path(one.snakefile).is_relative_to(WORKFLOW) and "code" in one.params.keys():
        if "named_values" not in one.params.keys():
            hashed = named_values(dict(one.params.items()))
            one.set_params(named_values=hashed, given_content=given_content(one))
