"""Times and replicates guessed from the names of samples, as labs write them: lung_06h_rep1.bam."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from foldcast.expression.gene_rows import sample_of

# Units of `time_unit` in minutes, with what names call them.
MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080}
UNITS = {
    "minute": ("min", "mins", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "hour", "hours", "hpi", "hpf", "zt", "ct"),
    "day": ("d", "day", "days", "dpi", "dpf", "dpc", "div", "e", "p"),
    "week": ("w", "wk", "wks", "week", "weeks", "wpf"),
}
BEFORE, AFTER = "e", "p"  # E16.5 and P2: ages before and after birth, on two clocks
BIRTH = 19.0, 22.0  # days of gestation at P0: mouse, rat
UNKNOWN = -1.0
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
NO_UNIT = ("t", "time", "tp", "timepoint", "stage", "age")
REPLICATE = ("rep", "repl", "replicate", "r", "br", "biorep", "n", "mouse", "animal", "donor")
# Numbers behind these are of a sample, a run or a lane, and no time.
NO_TIME = ("s", "sample", "srr", "err", "drr", "gsm", "l", "lane", "id", "run", "lib", "library")
_AFTER = "|".join(sorted((w for w in UNIT_OF if w not in (BEFORE, AFTER)), key=len, reverse=True))
NUMBER = re.compile(r"(?P<word>[a-z]*)[-_. ]?(?P<number>\d+(?:[.p]\d+)?)", re.IGNORECASE)
# Behind a number: 6h, 6hA, 6 hours, but not the day of mouse1_day7.
UNIT = re.compile(
    rf"({_AFTER})(?=[^a-z]|[a-f]?$)|[-_. ]({_AFTER})(?![a-z]|[-_. ]?\d)", re.IGNORECASE
)
SIGNED = re.compile(r"[-+]?\d+(\.\d+)?")
DOT = re.compile(r"(\d+)\.(\d+)")
LETTER = re.compile(r"(?<=[-_. ])[a-f]$", re.IGNORECASE)
MOST_REPLICATES = 50


@dataclass
class Course:
    """What the samples of a table seem to be.

    samples: at (position in the list of names), sample, time, replicate, group (text that tells
    several time courses apart; empty where there is one); samples without a time are missing.
    unit: of the times, one of the config's; None where the names do not tell it.
    left_out: names in which no time was found.
    doubts: sentences on what could not be told.
    """

    samples: pd.DataFrame
    unit: str | None = None
    left_out: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass
class _Name:
    """A name taken apart: its time with the word or unit that says so, its replicate, the rest."""

    time: float | None = None
    clock: str = ""
    replicate: int | None = None
    numbers: list[int] = field(default_factory=list)
    rest: str = ""


def guess_course(names: Sequence[str]) -> Course:
    """Time and replicate of each sample, by its name alone.

    A time has its unit (6h, day7, E16.5) or a word (t6) beside it; where no name has either, the
    number that varies most is taken, unless it numbers samples. Replicates have a word (rep2, R2),
    a letter (B) or are numbered as they come. What is left of the names without numbers tells
    several time courses apart, if each of them has more than one time.

    Args:
        names: of the columns that are samples, or of an AnnData file's observations.
    """
    bare = [_bare(name) for name in names]
    if _dots_divide(bare):
        bare = [DOT.sub(r"\1_\2", name) for name in bare]
    parts = [_take_apart(name) for name in bare]
    if all(SIGNED.fullmatch(name) for name in bare):  # times, as they are
        parts = [_Name(time=float(name)) for name in bare]
    elif not any(part.time is not None for part in parts):
        parts = _by_position(bare)
    known = [i for i, part in enumerate(parts) if part.time is not None]
    left_out = [names[i] for i in range(len(names)) if i not in known]
    columns = ["at", "sample", "time", "replicate", "group"]
    if not known:
        doubt = f"the times: names such as {names[0]} do not hold them" if len(names) else ""
        return Course(pd.DataFrame(columns=columns), None, left_out, [doubt])
    born = _birth([parts[i] for i in known])
    doubts = []
    if born == UNKNOWN:
        doubts.append(
            "the times: ages before birth (E) and after it (P) are on two clocks; write them as "
            "days from one moment into the sheet"
        )
        return Course(pd.DataFrame(columns=columns), "day", list(names), doubts)
    if born:
        for i in known:
            parts[i].time = (parts[i].time or 0.0) + (born if parts[i].clock == AFTER else 0)
        doubts.append(
            f"the day of birth: P0 is taken as E{born:g}; if it is another, mend the later times "
            "in the sheet"
        )
    unit, times = _in_one_unit([parts[i] for i in known])
    groups = [parts[i].rest for i in known]
    several = pd.Series(times).groupby(groups).nunique()
    if (several < 2).all():  # a barcode or a number of its own in each name
        groups = [""] * len(known)
    elif (lone := several[several < 2]).size:
        doubts.append(
            f"which time course {', '.join(lone.index)} belong{'s' * (len(lone) == 1)} to: of one "
            "time only, left out"
        )
        kept = [k for k, group in enumerate(groups) if group not in lone.index]
        left_out += [names[known[k]] for k in range(len(known)) if k not in kept]
        known, times = [known[k] for k in kept], [times[k] for k in kept]
        groups = [groups[k] for k in kept]
    if len(set(groups)) == 1:
        groups = [""] * len(known)
    samples = pd.DataFrame({"at": known, "sample": _distinct([bare[i] for i in known])})
    samples = samples.assign(time=times, group=groups)
    samples["replicate"] = _replicates(samples, [parts[i] for i in known])
    return Course(samples[columns], unit, left_out, doubts)


def _bare(name: str) -> str:
    """Without the file's path and ending, and without R's X before a number."""
    name = sample_of(name)
    return name[1:] if re.match(r"X\d", name) else name


def _dots_divide(names: Sequence[str]) -> bool:
    """Whether 6.1, 6.2, 6.3 are replicates 1 to 3 of time 6, and no times with a decimal."""
    found = [DOT.findall(name) for name in names]
    if not names or any(len(each) != 1 for each in found):
        return False
    behind: defaultdict[str, set[int]] = defaultdict(set)
    for [(whole, part)] in found:
        behind[whole].add(int(part))
    return all(len(parts) > 1 and parts == {*range(1, len(parts) + 1)} for parts in behind.values())


def _take_apart(name: str) -> _Name:
    found = _Name()
    pieces, end = [], 0
    while match := NUMBER.search(name, end):
        word, number = match["word"].casefold(), float(match["number"].casefold().replace("p", "."))
        pieces.append(name[end : match.start()])
        end, unit = match.end(), ""
        if word not in (*REPLICATE, *NO_TIME) and (behind := UNIT.match(name, end)):
            end, unit = behind.end(), (behind[1] or behind[2]).casefold()
        if found.time is None and (unit or word in UNIT_OF or word in NO_UNIT):
            found.time, found.clock = number, unit or word
            pieces.append("" if word in UNIT_OF or word in NO_UNIT else match["word"])
        elif word in REPLICATE and found.replicate is None:
            found.replicate = int(number)
        else:
            found.numbers.append(int(number))
            pieces.append(match["word"])
            pieces.append(unit)  # of a second time, such as a dose's
    rest = "_".join(filter(None, (piece.strip("-_. ") for piece in [*pieces, name[end:]])))
    if letter := LETTER.search(f"_{rest}"):
        rest = rest[:-1].rstrip("-_. ")
        if found.replicate is None:
            found.replicate = ord(letter[0].casefold()) - ord("a") + 1
    found.rest = rest
    return found


def _by_position(names: Sequence[str]) -> list[_Name]:
    """Names of one shape without a word for time: the number that varies most is the time."""
    shapes = {re.sub(r"\d+(\.\d+)?", "#", name) for name in names}
    fields = [list(NUMBER.finditer(name)) for name in names]
    parts = [_take_apart(name) for name in names]
    if len(shapes) != 1 or not fields or not fields[0]:
        return parts
    columns = [[match[k]["number"] for match in fields] for k in range(len(fields[0]))]
    words = [fields[0][k]["word"].casefold() for k in range(len(columns))]
    free = [k for k, word in enumerate(words) if word not in (*NO_TIME, *REPLICATE)]
    # The first of equals: times are written before replicates.
    at = max(free, key=lambda k: (len(set(columns[k])), -k), default=None)
    if at is None or len(set(columns[at])) < 2:
        return parts
    for part, text in zip(parts, columns[at], strict=True):
        part.time = float(text.replace("p", "."))
        index = sum(k in free or words[k] in NO_TIME for k in range(at))
        if index < len(part.numbers):
            del part.numbers[index]
    return parts


def _birth(parts: Sequence[_Name]) -> float:
    """The day of gestation at P0 where ages are given before and after birth; 0 where they are not.

    A mouse is the usual animal; what is older before its birth may be a rat; else UNKNOWN.
    """
    before = [part.time or 0.0 for part in parts if part.clock == BEFORE]
    if not before or not any(part.clock == AFTER for part in parts):
        return 0.0
    return next((day for day in BIRTH if max(before) <= day), UNKNOWN)


def _in_one_unit(parts: Sequence[_Name]) -> tuple[str | None, list[float]]:
    """The smallest unit that names have, and all times in it; None where none has any."""
    units = [UNIT_OF.get(part.clock) for part in parts]
    named = sorted({unit for unit in units if unit}, key=lambda unit: MINUTES[unit])
    times = [part.time or 0.0 for part in parts]
    if not named:
        return None, times
    smallest = named[0]
    factors = [MINUTES[unit or smallest] / MINUTES[smallest] for unit in units]
    return smallest, [round(time * f, 6) for time, f in zip(times, factors, strict=True)]


def _replicates(samples: pd.DataFrame, parts: Sequence[_Name]) -> list[int]:
    """What the names say where that is unique at each time, else numbered as they come."""
    one_time = [samples["group"], samples["time"]]
    said = pd.Series([part.replicate for part in parts], index=samples.index, dtype="Int64")
    if said.isna().any() and (number := _small_number(parts)):
        said = pd.Series(number, index=samples.index, dtype="Int64")
    whole = said.notna().all() and (said >= 1).all()
    if whole and not samples.assign(said=said).duplicated(["group", "time", "said"]).any():
        return said.astype(int).tolist()
    return (samples.groupby(one_time).cumcount() + 1).tolist()


def _small_number(parts: Sequence[_Name]) -> list[int] | None:
    """The last number of each name, where it may be that of a replicate."""
    numbers = [part.numbers[-1] if part.numbers else 0 for part in parts]
    return numbers if all(1 <= number <= MOST_REPLICATES for number in numbers) else None


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that stand once, with a number behind those that stand more often."""
    total, seen, made = Counter(names), Counter[str](), []
    for name in names:
        seen[name] += 1
        made.append(f"{name}_{seen[name]}" if total[name] > 1 else name)
    return made
