"""docs/architecture.md kept true: one name per stage, who imports whom, what stands where."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from rule_files import RULES

ROOT = Path(__file__).resolve().parents[1]
WORKFLOW = ROOT / "workflow"
LIBRARY = WORKFLOW / "lib/foldcast"
SCRIPTS = sorted((WORKFLOW / "scripts").rglob("*.py"))
MODULES = {
    path.relative_to(LIBRARY).with_suffix("").as_posix(): path
    for path in sorted(LIBRARY.rglob("*.py"))
    if path.stem != "__init__"
}
PACKAGES = sorted(path.parent for path in LIBRARY.rglob("__init__.py"))

# From low to high: a module imports its own floor and those before it.
GROUND = "ground floor"
FLOORS = [
    GROUND, "resources", "genes", "expression", "hic", "graph", "forecast", "step", "evaluation",
    "power", "spex", "spex/features", "spex/contacts", "spex/models", "spex/comparison",
    "variants", "enrichment", "take_away", "report", "report/page", "config", "preflight",
]  # fmt: skip
ROOMS = {"demo", *FLOORS} - {GROUND}
NO_RULES = {"genes", "forecast", "config"}  # rooms that serve several stages
BESIDE = {"checkout", "common", "local", "stale", "targets"}  # rule files that belong to all stages

# Rules that run in another stage's environment.
BORROWED = {
    "fetch_library": "resources",  # a download like any other
    "rank_marks": "spex",  # reads models of the sequence half, trees among them
}

# Modules that one script alone uses, and why they are no part of it.
LONG = "over 150 lines with its script"
TESTED = "mathematics with tests of its own"
PARTS = "over 150 lines with the script and its other parts"
ONE_USER = {
    "demo/motif_network": TESTED,
    "demo/simulated_expression": LONG,
    "enrichment/questions": LONG,
    "evaluation/bounds": LONG,
    "evaluation/horizon_scores": TESTED,
    "evaluation/past_calls": TESTED,
    "graph/node_embedding": LONG,
    "hic/map_qc": LONG,
    "preflight/given_gene_sets": PARTS,
    "preflight/given_maps": LONG,
    "preflight/given_variants": LONG,
    "preflight/given_runs": LONG,
    "preflight/given_time_courses": LONG,
    "preflight/unforeseen": TESTED,
    "report/enrichment_figure": LONG,
    "report/map_changes_figure": LONG,
    "report/neighbours_figure": LONG,
    "report/page/gene_cards": LONG,
    "report/page/sequence_section": LONG,
    "report/page/take_away_section": LONG,
    "report/page/temporal_section": LONG,
    "spex/comparison/map_verdict": LONG,
    "spex/contacts/control_contacts": LONG,
    "spex/models/fitting": LONG,
    "step/published_score": TESTED,
}


def imports(path: Path) -> set[str]:
    """Modules of the library that a file imports, by their paths in it."""
    return modules_in(path.read_text())


@cache
def modules_in(code: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    paths = {n.removeprefix("foldcast.").replace(".", "/") for n in names if "foldcast." in n}
    return paths & MODULES.keys()


def imports_of_rules(path: Path) -> set[str]:
    """Modules of the library that a rule file imports while the workflow is parsed."""
    names = re.findall(r"\bfoldcast\.([\w.]+)", path.read_text())
    return {name.replace(".", "/") for name in names} & MODULES.keys()


def room(module: str) -> str:
    return module.rpartition("/")[0] or GROUND


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and methods of a module, by name; not those within functions."""

    def inside(body: list[ast.stmt], of: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                if isinstance(node, ast.ClassDef):
                    yield from inside(node.body, f"{node.name}.")
                else:
                    yield of + node.name, node

    return inside(ast.parse(path.read_text()).body)


def test_every_room_has_a_floor():
    assert {room(module) for module in MODULES} - {GROUND} == ROOMS


def test_no_module_imports_from_above():
    upward = [
        f"{module} imports {other}"
        for module, path in MODULES.items()
        for other in imports(path)
        if room(module) != room(other)
        and (
            room(other) != GROUND
            if room(module) == "demo"
            else room(other) not in FLOORS[: FLOORS.index(room(module))]
        )
    ]
    assert not upward


def test_no_modules_import_each_other_in_a_circle():
    below = {module: imports(path) - {module} for module, path in MODULES.items()}
    while free := [module for module, others in below.items() if not others & below.keys()]:
        for module in free:
            del below[module]
    assert not below, "in a circle, or above one"


def test_packages_import_nothing():
    """What a package imports would count as code of every script that uses a module of it."""
    assert not [package for package in PACKAGES if imports(package / "__init__.py")]


def test_packages_say_what_they_hold():
    for package in PACKAGES:
        assert ast.get_docstring(ast.parse((package / "__init__.py").read_text())), package


@pytest.mark.parametrize("module", ["snakemake", "scripts"])
def test_the_library_knows_neither_snakemake_nor_scripts(module):
    asked = re.compile(rf"(?m)^ *(?:from|import) {module}\b")
    assert not [path for path in LIBRARY.rglob("*.py") if asked.search(path.read_text())]


def test_scripts_never_import_scripts():
    names = {path.stem for path in SCRIPTS}
    for path in SCRIPTS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert not node.level and node.module.split(".")[0] not in {"scripts", *names}, path
            elif isinstance(node, ast.Import):
                assert not {a.name.split(".")[0] for a in node.names} & {"scripts", *names}, path


def test_no_two_modules_have_one_name():
    names = Counter(path.stem for path in MODULES.values())
    assert not [name for name, n in names.items() if n > 1]


def test_files_are_short():
    files = {300: LIBRARY.rglob("*.py"), 150: SCRIPTS, 90: [WORKFLOW / "Snakefile"]}
    assert not [
        (p.name, lines(p)) for most, paths in files.items() for p in paths if lines(p) > most
    ]


def stages_with_rules() -> set[str]:
    return {path.stem for path in (WORKFLOW / "rules").glob("*.smk")} - BESIDE


def test_a_stage_has_one_name_everywhere():
    stages = stages_with_rules()
    assert {path.parent.name for path in SCRIPTS} == stages
    assert {path.stem for path in (ROOT / "envs").glob("*.yaml")} - {"snakemake"} == stages
    assert {room.split("/")[0] for room in ROOMS} - NO_RULES == stages
    assert {path.stem for path in (WORKFLOW / "rules/inputs").glob("*.smk")} <= stages
    assert {path.stem for path in SCRIPTS} == RULES.keys(), "one script per rule"


def test_every_rule_stands_with_its_script_and_its_environment():
    for path in (WORKFLOW / "rules").glob("*.smk"):
        for rule in re.findall(r"(?m)^ *rule (\w+):", path.read_text()):
            environment, script = RULES[rule]
            assert script == f"{path.stem}/{rule}"
            assert environment == BORROWED.get(rule, path.stem), rule


def test_unit_tests_mirror_the_library():
    tests = ROOT / "tests/unit"
    for path in tests.rglob("test_*.py"):
        folder = path.parent.relative_to(tests).as_posix()
        assert folder in {".", *ROOMS}, f"{path.name}: {folder} is no room of the library"
    untested = {r for r in ROOMS if not list((tests / r).rglob("test_*.py"))} - {"report/page"}
    assert not untested


def users() -> dict[str, set[Path]]:
    """Module → the files that import it: modules, scripts and rules."""
    found = defaultdict(set)
    smk = [WORKFLOW / "Snakefile", *(WORKFLOW / "rules").rglob("*.smk")]
    files = [(path, imports(path)) for path in [*MODULES.values(), *SCRIPTS]]
    for path, modules in [*files, *((path, imports_of_rules(path)) for path in smk)]:
        for module in modules:
            found[module].add(path)
    return found


def test_a_module_with_one_user_has_a_reason():
    of = {m: paths.pop() for m, paths in users().items() if len(paths) == 1 and paths < {*SCRIPTS}}
    assert of.keys() == ONE_USER.keys()
    assert len(ONE_USER) <= 25
    together = {module: lines(MODULES[module]) + lines(script) for module, script in of.items()}
    assert all(together[module] > 150 for module, reason in ONE_USER.items() if reason == LONG)
    for module in (module for module, reason in ONE_USER.items() if reason == TESTED):
        tests = ROOT / "tests/unit" / room(module)
        assert (tests / f"test_{MODULES[module].stem}.py").is_file()


def test_functions_of_many_arguments_explain_them():
    """Names and types say enough of a few arguments; from five on each is explained."""
    bare = []
    for module, path in MODULES.items():
        for name, node in functions(path):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            given = [one for one in given if one.arg not in ("self", "cls")]
            if len(given) >= 5 and "Args:\n" not in (ast.get_docstring(node) or ""):
                bare.append(f"{module}.{name}")
    assert not bare


PLAN = (ROOT / "docs/architecture.md").read_text()
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/architecture.md")]


def test_the_plan_names_every_room_and_every_floor_in_order():
    order = PLAN[PLAN.index("> ground floor") : PLAN.index("- The **ground floor**")]
    named = re.findall(r"`(\w+)`", order)
    rooms = [floor.split("/")[-1] for floor in FLOORS if floor not in (GROUND, "report/page")]
    assert named == rooms
    assert all(f"`{room}`" in PLAN for room in ROOMS - {"report/page"})
    assert lines(ROOT / "docs/architecture.md") <= 200


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_the_pages_point_at_is_there(page):
    text = page.read_text()
    quoted = re.findall(r"`((?:workflow|tests|docs|envs|config|profiles)/[\w./-]+)`", text)
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert linked
    missing = [path for path in quoted if not (ROOT / path).exists()]
    missing += [path for path in linked if not (page.parent / path).exists()]
    assert not missing


def test_the_plan_names_rules_that_are_there():
    named = set(re.findall(r"rules? (?:and script )?`(\w+)`", PLAN))
    assert {"insulation", "baselines", "evaluate", "score_spex", "variant_effects"} <= named
    assert named <= RULES.keys()


def test_the_rule_graph_holds_every_rule_but_figures():
    text = (ROOT / "docs/rules.md").read_text()
    missing = {rule for rule in RULES if not re.search(rf"\b{rule}\b", text)}
    assert all(rule.startswith("plot_") or rule == "preflight" for rule in missing)
    drawn = set(re.findall(r"(?m)^    (\w+)$", text))
    assert drawn <= RULES.keys() | {"demo_other_contacts"}


def test_the_files_for_others_can_be_read():
    files = (".github/workflows/ci.yml", ".snakemake-workflow-catalog.yml", "CITATION.cff")
    ci, catalog, citation = (yaml.safe_load((ROOT / name).read_text()) for name in files)
    commands = [step.get("run") for job in ci["jobs"].values() for step in job["steps"]]
    asked = [command for command in commands if command and not command.startswith("echo ")]
    assert asked == ["make run", "make test", "snakemake --cores all --use-conda"]
    assert catalog["usage"]["software-stack-deployment"] == {"conda": True, "report": True}
    assert {"cff-version", "message", "title", "authors", "version"} <= citation.keys()
    for reference in citation["references"]:
        assert {"type", "title", "authors"} <= reference.keys()


def test_the_version_is_that_of_the_changelog():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    newest = re.search(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text())
    assert newest and newest[1] == citation["version"]
