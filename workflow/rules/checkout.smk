# checkout: where foldcast itself lies, and what it says when it was not found whole

import shlex
import sys
from pathlib import Path

from snakemake.logging import logger
from snakemake.settings.types import RerunTrigger

# Not `basedir`: in a module that is the importer's.
WORKFLOW = Path(str(workflow.current_basedir)).parent
CHECKOUT = WORKFLOW.parent
DEFAULT_PROFILE = CHECKOUT / "profiles/default"
HALVES = {"datasets", "spex", "published_models"}  # without any of them the demo is run

if not WORKFLOW.joinpath("lib/foldcast").is_dir():
    sys.exit(
        f"Error: foldcast cannot be imported from {workflow.current_basedir}, because its scripts "
        "need the library beside them: clone the repository and name its workflow/Snakefile in "
        "`snakefile:`."
    )

# Snakemake hands this path on to every script.
sys.path.insert(0, str(WORKFLOW / "lib"))

from foldcast.config.checkout_paths import beside_or_ours, paths_of


# Snakemake looks for the profile in the working directory and beside the Snakefile only, and finds
# none where a symbolic link did not survive unpacking.
onstart:
    if {RerunTrigger.CODE, RerunTrigger.SOFTWARE_ENV} & workflow.rerun_triggers:
        logger.warning(
            "Warning: foldcast's default profile is not in use, so time stamps of code and other "
            "environments count too, and a fresh checkout or `--use-conda` runs everything again. "
            f"Remedy: --profile {shlex.quote(str(DEFAULT_PROFILE))}"
        )
