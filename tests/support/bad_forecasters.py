"""Bad forecasters of the user's and bad time courses beside them, and what must be said of each."""

import numpy as np

from bad_input import Bad
from small_lab import CONFIG, Lab, Spoil

CODE, FORECASTS, COURSE = "data/own.py", "data/forecasts.tsv", "data/further.tsv"
KEY = "datasets.mrna.forecasters"
LAST = "def own(past, next_time):\n    return past.means[:, -1]\n"


def function(code: str, name: str = "own") -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write(CODE, code)
        lab.set(f"{KEY}.own", {"function": f"{CODE}:{name}"})

    return spoil


def persistence(lab: Lab) -> list[list[str]]:
    """A table of forecasts: the last mean of each gene, for every scored time."""
    header, *genes = lab.rows()
    rows = [["gene", "target_time", "predicted"]]
    for name, *cells in genes:
        means = np.array(cells, float).reshape(12, 2).mean(axis=1)
        rows += [[name, f"{2 * time}", f"{means[time - 1]:.6f}"] for time in range(6, 12)]
    return rows


def table(change) -> Spoil:
    """A table of forecasts of which rows were changed, in place."""

    def spoil(lab: Lab) -> None:
        rows = persistence(lab)
        change(rows)
        lab.put(rows, FORECASTS)
        lab.set(f"{KEY}.own", {"table": FORECASTS})

    return spoil


def course(text: str) -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write(COURSE, text)
        lab.set("evaluation.courses", [COURSE])

    return spoil


def put(value: object, key: str = f"{KEY}.own") -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write(CODE, LAST)
        lab.set(key, value)

    return spoil


def cell(row: int, column: int, value: str):
    return lambda rows: rows[row].__setitem__(column, value)


CASES = {
    "a forecaster that is not Python": Bad(function("def own(past, next_time)\n    return 1\n"), CODE, "SyntaxError: expected ':', at `def own", "mend that line"),
    "a forecaster that fails": Bad(function("def own(past, next_time):\n    return past.mean\n"), CODE, "AttributeError: 'Past' object has no attribute 'mean', at `return past.mean`", "mend that line"),
    "a forecaster that needs another file": Bad(function(f"import my_own_tools\n{LAST}"), CODE, "No module named 'my_own_tools'", "numpy, pandas and scipy"),
    "a forecaster that ends Python": Bad(function("import sys\nsys.exit(3)\n"), CODE, "SystemExit: 3", "mend that line"),
    "a forecaster of another name": Bad(function(LAST, "owm"), CODE, "'owm'", "did you mean own?"),
    "a forecaster of one argument": Bad(function("def own(past):\n    return past.means[:, -1]\n"), CODE, "own(past)", "def own(past, next_time)"),
    "a forecaster of all times": Bad(function("def own(past, next_time):\n    return past.means\n"), CODE, "shape (34, 6)", "past.means[:, -1]"),
    "a forecaster of nothing": Bad(function("def own(past, next_time):\n    past.means[:, -1]\n"), CODE, "nothing", "past.means[:, -1]"),
    "a forecaster of words": Bad(function("def own(past, next_time):\n    return past.genes\n"), CODE, "list, which is no array of numbers", "past.means[:, -1]"),
    "a forecaster without a number": Bad(function(LAST.replace("-1]", "-1] * float('nan')")), CODE, "nan for gene", "past.means[:, -1]"),
    "a forecaster by chance": Bad(function(f"import numpy as np\n{LAST.rstrip()} + np.random.normal()\n"), CODE, "from the same past", "give chance a seed"),
    "a forecaster that remembers": Bad(function("calls = []\ndef own(past, next_time):\n    calls.append(1)\n    return past.means[:, -1] + len(calls)\n"), CODE, "from the same past", "keep nothing"),
    "a forecaster in no file": Bad(put({"function": "data/none.py:own"}), CONFIG, "no such file", "check the path"),
    "a forecaster without its function": Bad(put({"function": CODE}), CONFIG, "does not match", "mend the keys"),
    "a forecaster of no kind": Bad(put({}), CONFIG, "none of function, table", "give `function`"),
    "a forecaster of both kinds": Bad(put({"function": f"{CODE}:own", "table": CODE}), CONFIG, "function and table", "leave one"),
    "a forecaster with another's name": Bad(put({"function": f"{CODE}:own"}, f"{KEY}.stack"), CONFIG, "a name that a forecast of foldcast has", "my_stack"),
    "forecasts of unnamed columns": Bad(table(cell(0, 2, "forecast")), FORECASTS, "no column predicted", "name the column so"),
    "forecasts of which one is missing": Bad(table(lambda rows: rows.pop(5)), FORECASTS, "1 forecasts missing, the first of gene", "add these rows"),
    "forecasts of which one stands twice": Bad(table(lambda rows: rows.append(rows[3])), FORECASTS, "at time 16 once more", "leave one of them"),
    "forecasts with a decimal comma": Bad(table(cell(2, 2, "7,25")), FORECASTS, "'7,25'", "write a decimal point: 7.25"),
    "a forecast that is none": Bad(table(cell(2, 2, "inf")), FORECASTS, "'inf'", "write a number"),
    "forecasts of another time": Bad(table(cell(2, 1, "15")), FORECASTS, "'15'", "in its unit"),
    "forecasts of two models": Bad(table(lambda rows: [row.append("model" if not i else "ab"[i % 2]) for i, row in enumerate(rows)]), FORECASTS, "b, a", "divide the table"),
    "a further time course with a word": Bad(course("gene\t0\t1\t2\t3\t4\t5\na\t1\t2\tx\t4\t5\t6\n"), COURSE, "'x'", "NA where there is none"),
    "a further time course of samples": Bad(course("gene\ts1\ts2\ts3\na\t1\t2\t3\n"), COURSE, "'s1'", "is a dataset"),
    "a further time course of two times": Bad(course("gene\t0\t0\t1\t1\na\t1\t2\t3\t4\n"), COURSE, "fewer than three times", "is a dataset"),
    "a further time course that stands still": Bad(course("gene\t0\t1\t2\t3\t4\t5\na\t1\t1\t1\t1\t1\t1\n"), COURSE, "no gene changes", "leave the file out"),
    "a gene twice in a further time course": Bad(course("gene\t0\t1\t2\t3\t4\na\t1\t2\t3\t4\t5\na\t1\t2\t3\t4\t5\n"), COURSE, "gene a once more", "keep one"),
    "a folder without time courses": Bad(put("data", "evaluation.courses"), CONFIG, "no time course in it", "check the path"),
    "no folder of time courses": Bad(put("none", "evaluation.courses"), CONFIG, "no such folder", "check the path"),
}  # fmt: skip
