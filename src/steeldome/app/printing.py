"""What the command line prints: answers on stdout, progress and faults on stderr, one a line."""

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from steeldome.errors import SteeldomeError

if TYPE_CHECKING:
    from steeldome.analysis.claims import Answer
    from steeldome.experiments.session import Report

Translate = Callable[[str], str]

LEADING: Final = (
    "leakage",
    "footprint",
    "conditional_leakage",
    "raid_annihilation",
    "assets_held",
    "friendly_engaged",
    "shots",
    "cost",
)  # measures of a case, where it has them
PLAIN_LINE_EVERY: Final = 10.0  # s between progress lines when nobody watches
_TERMINAL_LINE_EVERY: Final = 0.2
_RATE_OVER: Final = 20.0  # s of the past that rate and time left are read off: the start compiles and plays nothing


def print_json(answer: object) -> None:
    """An answer as JSON on stdout."""
    print(json.dumps(answer, ensure_ascii=False, indent=1, default=_plain))


def _plain(found: object) -> object:
    """Fields of an input, else its text."""
    dump = getattr(found, "model_dump", None)
    return dump() if dump else str(found)


def print_faults(error: SteeldomeError) -> None:
    """Every fault on stderr, one a line."""
    for fault in error.faults:
        print(fault, file=sys.stderr)


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Rows with columns of equal width; the last column is not padded."""
    listed = [list(row) for row in rows]
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]) if listed else 0)]
    for row in listed:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())


def number(value: float | None) -> str:
    """A number with three or four digits that matter."""
    if value is None:
        return "?"
    if abs(value) >= 1e5:
        return f"{float(f'{value:.3g}'):,.0f}"
    if value and abs(value) < 1e-3:
        return f"{value:.3g}"
    return f"{value:.4g}"


def share(value: float | None) -> str:
    """A share in per cent; a small one keeps a digit that says that it is not nothing."""
    if value is None:
        return "?"
    return f"{100 * value:.2g}%" if 0 < abs(value) < 5e-4 else f"{100 * value:.1f}%"


def measure_line(measure: Mapping[str, Any], translate: Translate) -> str:
    """A measure with both bands in words."""
    show = share if measure["unit"] == "1" else number
    pattern = translate("{value} (chance {low} to {high}, inputs {input_low} to {input_high})")
    shown = {name: show(measure[name]) for name in ("value", "low", "high", "input_low", "input_high")}
    unit = "" if measure["unit"] == "1" else " " + measure["unit"]
    return pattern.format(**shown | {"value": shown["value"] + unit})


def print_claims(answers: Iterable["Answer"], translate: Translate) -> None:
    """The verdict on each claim that the run could answer."""
    from steeldome.report.labels import verdict_names

    words = verdict_names(translate)
    for answer in answers:
        if answer.verdict is not None:
            print(translate("claim {claim}: {verdict}").format(claim=answer.claim.id, verdict=words[answer.verdict]))


def print_measures(measures: Mapping[str, Any], told: Sequence[tuple[str, str]], translate: Translate) -> None:
    """The leading measures of the laydowns and raids that are told of, then their differences."""
    for case in measures["cases"]:
        if (case["laydown"], case["raid"]) not in told:
            continue
        head = translate("{laydown} against {raid}: {n} replications in {samples} samples")
        counts = {"n": case["replications"], "samples": case["samples"]}
        print(head.format(laydown=case["laydown"], raid=case["raid"], **counts))
        if case["broken"]:
            print("  " + translate("{n} replications were not sound and are not used").format(n=case["broken"]))
        print_table(
            ("  " + key, measure_line(case["measures"][key], translate)) for key in LEADING if key in case["measures"]
        )
    for change in measures["differences"]:
        found = change["measures"].get("leakage")
        if found is not None and (change["second"], change["raid"]) in told:
            said = measure_line(found, translate)
            if not found["is_shown"]:
                said += ": " + translate("no difference shown")
            head = translate("{second} minus {first} against {raid}: leakage")
            print(head.format(second=change["second"], first=change["first"], raid=change["raid"]), said)
    besides = len(measures["cases"]) - len(told)
    if besides:
        pattern = translate("{n} more pairs of laydown and raid for claims and pathways: --json or the report")
        print(pattern.format(n=besides))


def _time_left(seconds: float) -> str:
    return f"{seconds / 60.0:.0f} min" if seconds >= 120.0 else f"{seconds:.0f} s"


class ProgressLine:
    """Progress with rate and time left: one line that changes on a terminal, a line now and then elsewhere."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate
        self._is_terminal = sys.stderr.isatty()
        self._last = 0.0 if self._is_terminal else time.monotonic()
        self._seen: deque[tuple[float, int]] = deque()
        self._phase = "simulating"

    def __call__(self, report: "Report") -> None:
        """Show how far it is."""
        now = time.monotonic()
        is_next = report.phase != self._phase
        if is_next:
            self._phase = report.phase
            self._seen.clear()
        self._seen.append((now, report.simulated))
        while len(self._seen) > 2 and self._seen[1][0] < now - _RATE_OVER:
            self._seen.popleft()
        is_last = report.done >= report.total
        every = _TERMINAL_LINE_EVERY if self._is_terminal else PLAIN_LINE_EVERY
        if now - self._last < every and not is_next and not (is_last and self._is_terminal):
            return
        self._last = now
        before, simulated = self._seen[0]
        rate = (report.simulated - simulated) / (now - before) if now > before else 0.0
        text = self._text(report, rate)
        if self._is_terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def _text(self, report: "Report", rate: float) -> str:
        translate = self._translate
        patterns = {
            (False, False): translate("{done} of {total} replications"),
            (False, True): translate("{done} of {total} replications, {rate} a second, {left} left"),
            (True, False): translate("measures: {done} of {total} pairs of laydown and raid"),
            (True, True): translate("measures: {done} of {total} pairs of laydown and raid, {left} left"),
        }
        left = _time_left((report.total - report.done) / rate) if rate > 0.0 else ""
        pattern = patterns[report.phase == "finishing", rate > 0.0]
        return pattern.format(done=report.done, total=report.total, rate=f"{rate:.0f}", left=left)

    def close(self) -> None:
        """End the line on a terminal."""
        if self._is_terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
