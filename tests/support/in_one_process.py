"""The workflow without a start of Snakemake: its rules read by Snakemake's parser, in this process.

Which files a job reads and with which params is so what the rules say, and not a copy of it. A
config costs 0.1 s. Scripts are called in the folder of the project, one after the other.
"""

import functools
import importlib
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import snakemake.api  # isort: skip  (before the workflow, which imports it)
import snakemake.workflow
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    Quietness,
    ResourceSettings,
)

import foldcast.config.config_schema
import foldcast.fingerprint
from foldcast.errors import InputError
from foldcast.failures import cause_of, look_before

ROOT = Path(__file__).resolve().parents[2]
SNAKEFILE = ROOT / "workflow/Snakefile"


class Refused(Exception):
    """The message by which a config, its sheets or a job is refused."""


_parsed: dict[str, tuple[str, int, dict[int, int]]] = {}
_parse = snakemake.workflow.parse


def _parse_once(path: Any, workflow: Any, linemap: dict[int, int], rulecount: int = 0) -> Any:
    key = path.get_path_or_uri(secret_free=True)
    if key not in _parsed:
        lines: dict[int, int] = {}
        code, count = _parse(path, workflow, linemap=lines, rulecount=0)
        _parsed[key] = code, count, lines
    code, count, lines = _parsed[key]
    linemap.update(lines)
    return code, rulecount + count


# Each rule file is parsed once, and each script hashed once: they stay as they are meanwhile.
_KEPT = (
    (snakemake.workflow, "parse", _parse_once),
    (snakemake.workflow, "compile", functools.cache(compile)),
    (foldcast.fingerprint, "fingerprint", functools.cache(foldcast.fingerprint.fingerprint)),
    (
        foldcast.config.config_schema,
        "load_schema",
        functools.cache(foldcast.config.config_schema.load_schema),
    ),
)


@contextmanager
def _kept_parses() -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, kept in _KEPT:
            stack.enter_context(mock.patch.object(module, name, kept, create=True))
        yield


def plan(folder: Path, config: str, *targets: str) -> list[SimpleNamespace]:
    """The jobs that a run would start, inputs before outputs; each is what its script is given.

    Args:
        folder: of the project, where the run would start.
        config: the config file, from there.
        targets: rules or files; none: what a run without targets makes.

    Raises:
        Refused: while the workflow is parsed.
    """
    with (
        chdir(folder),
        _kept_parses(),
        snakemake.api.SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api,
    ):
        settings = ConfigSettings(configfiles=[Path(config)])
        try:
            made = api.workflow(
                resource_settings=ResourceSettings(cores=1),
                config_settings=settings,
                snakefile=SNAKEFILE,
            )
            workflow = made._workflow
        except SystemExit as error:
            raise Refused(str(error)) from None
        workflow.dag_settings = DAGSettings(targets={*targets})
        workflow._prepare_dag(
            forceall=False, ignore_incomplete=True, lock_warn_only=True, nolock=True
        )
        workflow._build_dag()
        jobs = [job for level in workflow.dag.toposorted() for job in sorted(level, key=str)]
        return [_as_given(job) for job in jobs if job.rule.script and workflow.dag.needrun(job)]


def call(job: SimpleNamespace, folder: Path) -> None:
    """Call a job's script in the project's folder, as `foldcast.job.run` does.

    Raises:
        InputError: the user's mistake.
        Exception: what no message was made of.
    """
    script = importlib.import_module("scripts." + job.script)
    with chdir(folder):
        try:
            look_before(job.input)
            script.main(job)
        except InputError:
            raise
        except Exception as error:
            if cause := cause_of(error, job.rule, job.input, job.output):
                raise cause from error
            raise


def preflight(folder: Path, config: str) -> str:
    """What preflight says where everything fits.

    Raises:
        Refused: with the message, of the parsing or of preflight.
    """
    (job,) = plan(folder, config, "preflight")
    try:
        call(job, folder)
    except InputError as error:
        raise Refused(str(error)) from error
    return (folder / job.output.summary).read_text()


def _as_given(job: Any) -> SimpleNamespace:
    """A job as a script gets it; scripts read no more than this."""
    script = Path(job.rule.script).relative_to("../scripts").with_suffix("")
    parts = ("input", "output", "params", "wildcards", "log", "threads", "resources")
    return SimpleNamespace(
        rule=job.rule.name,
        script=".".join(script.parts),
        **{part: getattr(job, part) for part in parts},
    )
