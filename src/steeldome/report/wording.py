"""Numbers and sentences as a reader sees them, in English or Turkish.

A number is printed to no digit beyond the first digit of its half-width; a sentence is filled from measures, carries
both bands and n, and says "if".
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from steeldome.report.contents import Case, Contents, Difference, Measure, Raid

Translate = Callable[[str], str]
Verdict = Literal["lower", "higher", "depends", "none"]

SHARE: Final = "1"
MONEY: Final = "USD"
MINUS: Final = "\u2212"
DASH: Final = "–"
MISSING: Final = "—"
COARSEST_INPUT_SHARE: Final = 0.01

_NOISE: Final = 1e-9  # of the ends of a band: a narrower one is the rounding of sums


class Sentence(NamedTuple):
    """One sentence of the answer; ``kind`` is ``plain`` or a verdict."""

    text: str
    kind: str


class Said(NamedTuple):
    """Words of the data, English or in the reader's language."""

    text: str
    is_english: bool = False


def say(text: str, translate: Translate) -> Said:
    """A sentence of the data in the reader's language; as it is where it has no translation."""
    found = translate(text) if text else text
    return Said(found, is_english=found == text)


def rounding_step(low: float, high: float, value: float) -> float:
    """Power of ten of the first digit of the half-width; three digits of the value if there is no width."""
    half = (high - low) / 2.0
    if math.isfinite(half) and half > _NOISE * max(abs(low), abs(high)):
        return 10.0 ** math.floor(math.log10(half) + 1e-9)
    if value == 0.0 or not math.isfinite(value):
        return 1.0
    return 10.0 ** (math.floor(math.log10(abs(value))) - 2)


def _step_with_signs(step: float, low: float, high: float) -> float:
    """A step up to a hundred times finer, so that an end of a band that has a sign is not printed as zero."""
    ends = [abs(end) for end in (low, high) if abs(end) > _NOISE * max(abs(low), abs(high))]
    return next((finer for finer in (step, step / 10.0, step / 100.0) if all(end >= 0.5 * finer for end in ends)), step)


def is_of_few(difference: Measure) -> bool:
    """Whether the mean lies outside the band of inputs: a few samples beyond it make the whole difference."""
    slack = _NOISE * abs(difference.value)
    return not difference.input_low - slack <= difference.value <= difference.input_high + slack


def verdict(difference: Measure) -> Verdict:
    """What a paired difference shows: ``none`` if chance covers zero, ``depends`` if the input band has both signs."""
    if difference.low <= 0.0 <= difference.high:
        return "none"
    if difference.input_low < 0.0 < difference.input_high:
        return "depends"
    return "lower" if difference.value < 0.0 else "higher"


FEW_LAYDOWNS: Final = 3  # up to which an answer has a tile and a sentence for each


class Wording:
    """Formats measures and fills sentences in one language.

    Parameters
    ----------
    language : str
        ``en`` or ``tr``; decides decimal and thousands signs.
    translate : callable
        From an English sentence to the same sentence in the language.
    """

    def __init__(self, language: str, translate: Translate) -> None:
        self.language = language
        self.translate = translate

    def number(self, value: float, step: float = 1.0, signed: bool = False) -> str:
        """A number rounded to a power of ten, with the language's decimal and thousands signs."""
        if not math.isfinite(value):
            return MISSING
        if value == 0.0:
            return "0"
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        rounded = round(value / step) * step if step >= 1.0 else round(value, digits)
        text = f"{abs(rounded):,.{digits}f}"
        if self.language == "tr":
            text = text.translate(str.maketrans(",.", ".,"))
        if float(f"{rounded:.{digits}f}") == 0.0:
            return text
        return (MINUS if rounded < 0 else "+" if signed else "") + text

    def quantity(self, value: float, unit: str, step: float, difference: bool = False) -> str:
        """A number with its unit."""
        return self._with_unit(self._scaled(value, unit, step, value, difference), unit, value, difference)

    def value(self, measure: Measure | None, difference: bool = False, bare: bool = False) -> str:
        """The middle of a measure with its unit, unless bare; a share of zero prints an upper bound."""
        if measure is None or not math.isfinite(measure.value):
            return MISSING
        if measure.value == 0.0 and measure.unit == SHARE and not difference and measure.high > 0.0:
            bound = 10.0 ** math.floor(math.log10(measure.high))
            text = self.quantity(math.ceil(measure.high / bound - 1e-9) * bound, SHARE, bound)
            return self.translate("none seen, below {bound}").format(bound=text)
        step = rounding_step(measure.low, measure.high, measure.value)
        if bare:
            return self._scaled(measure.value, measure.unit, step, measure.value, difference)
        return self.quantity(measure.value, measure.unit, step, difference)

    def chance(self, measure: Measure | None, difference: bool = False, bare: bool = False) -> str:
        """The band of chance; a number that chance does not touch says so."""
        if measure is None:
            return MISSING
        if measure.unit == SHARE and measure.low == measure.high and not difference:
            return self.translate("exact")
        step = rounding_step(measure.low, measure.high, measure.value)
        return self._range((measure.low, measure.high), measure.unit, step, difference, bare)

    def inputs(self, measure: Measure | None, difference: bool = False, bare: bool = False) -> str:
        """The band of inputs, assumptions and siting."""
        if measure is None:
            return MISSING
        step = rounding_step(measure.input_low, measure.input_high, measure.value)
        if measure.unit == SHARE:
            step = min(step, COARSEST_INPUT_SHARE)
        if difference:
            step = _step_with_signs(step, measure.input_low, measure.input_high)
        return self._range((measure.input_low, measure.input_high), measure.unit, step, difference, bare)

    def bands(self, measure: Measure, difference: bool = False) -> str:
        """Both bands and n, for the brackets behind a number."""
        pattern = self.translate("chance {chance}; inputs and siting {inputs}; n\u00a0=\u00a0{n}")
        if difference and is_of_few(measure):
            pattern = self.translate(
                "chance {chance}; inputs and siting {inputs}, the mean made by few samples outside; n\u00a0=\u00a0{n}"
            )
        return pattern.format(
            chance=self.chance(measure, difference), inputs=self.inputs(measure, difference), n=self.count(measure.n)
        )

    def count(self, value: float) -> str:
        """A whole number."""
        return self.number(value)

    def unit(self, unit: str, difference: bool = False) -> str:
        """Name of a unit for a caption or a heading."""
        if unit == SHARE:
            return self.translate("percentage points") if difference else "%"
        return unit_names(self.translate).get(unit, unit)

    def duration(self, seconds: float) -> str:
        """A length of time, in the largest unit that keeps two digits."""
        if seconds >= 7200.0:
            return self.translate("{number} h").format(
                number=self.number(seconds / 3600.0, 0.1 if seconds % 3600 else 1)
            )
        if seconds >= 120.0:
            return self.translate("{number} min").format(number=self.number(seconds / 60.0))
        return self.translate("{number} s").format(number=self.number(seconds))

    def plain(self, value: float | None) -> str:
        """An input as its source prints it: up to four significant digits, no padding."""
        if value is None:
            return MISSING
        text = f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
        text = text if "e" not in text else f"{value:.6f}".rstrip("0")
        text = text.replace("-", MINUS)
        return text.translate(str.maketrans(",.", ".,")) if self.language == "tr" else text

    def _range(self, ends: tuple[float, float], unit: str, step: float, difference: bool, bare: bool) -> str:
        low, high = ends if difference else (max(0.0, ends[0]), ends[1])
        if not (math.isfinite(low) and math.isfinite(high)):
            return MISSING
        scale_by = max(abs(low), abs(high))
        first, last = (self._scaled(x, unit, step, scale_by, difference) for x in (low, high))
        joiner = self.translate("{low} to {high}") if difference else "{low}" + DASH + "{high}"
        text = first if first == last else joiner.format(low=first, high=last)
        return text if bare else self._with_unit(text, unit, scale_by, difference)

    def _scaled(self, value: float, unit: str, step: float, scale_by: float, difference: bool) -> str:
        scale = 100.0 if unit == SHARE else 1.0 / _money_scale(scale_by) if unit == MONEY else 1.0
        return self.number(value * scale, step * scale, difference)

    def _with_unit(self, text: str, unit: str, scale_by: float, difference: bool) -> str:
        if unit == SHARE and difference:
            return self.translate("{number} points").format(number=text)
        if unit == SHARE:
            return self.translate("{number}%").format(number=text)
        if unit == MONEY:
            million, thousand = self.translate("USD {number} million"), self.translate("USD {number} thousand")
            pattern = {1e6: million, 1e3: thousand, 1.0: self.translate("USD {number}")}[_money_scale(scale_by)]
            return pattern.format(number=text)
        return f"{text}\u00a0{self.unit(unit)}"


def _money_scale(value: float) -> float:
    return 1e6 if abs(value) >= 1e6 else 1e3 if abs(value) >= 1e4 else 1.0


def unit_names(translate: Translate) -> Mapping[str, str]:
    """Names of the units that a measure can have."""
    return {
        "objects": translate("objects"),
        "shots": translate("shots"),
        "rounds": translate("rounds"),
        "assets": translate("assets"),
        "value points": translate("value points"),
        "USD": translate("USD"),
        "s": translate("s"),
        "years": translate("years"),
    }


def measure_names(translate: Translate) -> Mapping[str, str]:
    """Names of the measures, by key."""
    return {
        "leakage": translate("Leakage"),
        "footprint": translate("Footprint share"),
        "conditional_leakage": translate("Leakage inside the footprint"),
        "raid_annihilation": translate("Probability that nothing gets through"),
        "assets_held": translate("Assets held"),
        "value_saved": translate("Value saved"),
        "value_lost": translate("Value lost"),
        "rounds": translate("Rounds used"),
        "shots": translate("Shots fired"),
        "cost": translate("Cost of the rounds"),
        "cost_per_intercept": translate("Cost per intercept"),
        "friendly_engaged": translate("Friendly or neutral objects shot at"),
    }


def class_names(translate: Translate) -> Mapping[str, str]:
    """Names of the threat classes, by key, in the order of the tables."""
    return {
        "srbm": translate("Short-range ballistic missiles"),
        "mrbm": translate("Medium-range ballistic missiles"),
        "srbm_quasiballistic": translate("Quasi-ballistic missiles"),
        "cruise": translate("Cruise missiles"),
        "owa_uav": translate("One-way attack drones"),
        "decoy_uav": translate("Decoy drones"),
        "aircraft": translate("Aircraft"),
        "background": translate("Background traffic"),
    }


def stage_names(translate: Translate) -> Mapping[str, str]:
    """Names of the furthest condition met, by key, worst first."""
    return {
        "never_in_coverage": translate("never in coverage"),
        "below_horizon": translate("below the horizon"),
        "outside_envelope": translate("outside the envelope"),
        "no_track": translate("no track"),
        "no_link": translate("no link"),
        "not_identified": translate("not identified"),
        "no_authority": translate("no release authority"),
        "doctrine_hold": translate("held by doctrine"),
        "not_ready": translate("not ready"),
        "unit_lost": translate("unit lost"),
        "too_late": translate("too late"),
        "no_rounds": translate("no rounds"),
        "no_channel": translate("no free channel"),
        "engaged_missed": translate("engaged, missed"),
    }


def sentences(contents: Contents, raid: Raid, wording: Wording) -> list[Sentence]:
    """The answer for one raid: the first laydown, then each other laydown against it, then what stands behind."""
    said: list[Sentence] = []
    first = contents.laydowns[0]
    case = contents.case(first.id, raid.id)
    measure = case.measures.get(contents.headline) if case else None
    if measure is not None:
        said.append(Sentence(_level_sentence(contents, first.name, measure, wording), "plain"))
    reference = contents.references.get(raid.id, {}).get("no_defence")
    if reference is not None and contents.headline == "leakage":
        pattern = wording.translate("If nothing defended, {value} would reach their aim ({bands}).")
        said.append(Sentence(pattern.format(value=wording.value(reference), bands=wording.bands(reference)), "plain"))
    found = [one for one in contents.differences if one.raid == raid.id and contents.headline in one.measures]
    alike = [one for one in found if verdict(one.measures[contents.headline]) == "none"]
    is_long = len(contents.laydowns) > FEW_LAYDOWNS and len(alike) > 1
    said += [difference_sentence(contents, one, wording) for one in found if not is_long or one not in alike]
    if is_long:
        said.append(_alike_sentence(contents, alike, wording))
    if case is not None and case.causes and case.n_cause_leakers:
        said.append(Sentence(_cause_sentence(first.name, case, wording), "plain"))
    return said


def _level_sentence(contents: Contents, laydown: str, measure: Measure, wording: Wording) -> str:
    translate = wording.translate
    if contents.headline == "leakage" and measure.value == 0.0:
        pattern = translate(
            "If this raid met “{laydown}”, no armed object was seen to reach its aim: {value} ({bands})."
        )
    elif contents.headline == "leakage":
        pattern = translate(
            "If this raid met “{laydown}”, {value} of its armed objects would reach their aim ({bands})."
        )
    else:
        pattern = translate("If this raid met “{laydown}”: {measure} {value} ({bands}).")
    name = measure_names(translate).get(contents.headline, contents.headline)
    return pattern.format(laydown=laydown, measure=name, value=wording.value(measure), bands=wording.bands(measure))


def difference_sentence(contents: Contents, difference: Difference, wording: Wording) -> Sentence:
    """What changes if the second laydown stood in place of the first, by the verdict of the paired difference."""
    translate = wording.translate
    measure = difference.measures[contents.headline]
    found = verdict(measure)
    patterns = {
        "lower": translate("If “{second}” stood in its place, {name} would be {size} lower ({bands})."),
        "higher": translate("If “{second}” stood in its place, {name} would be {size} higher ({bands})."),
        "depends": translate(
            "If “{second}” stood in its place, {name} would change by {value} on average, but the sign depends on "
            "assumptions and siting: the input band holds both signs ({bands})."
        ),
        "none": translate(
            "If “{second}” stood in its place, no difference in {name} is shown: the paired difference of {value} "
            "has a chance band that covers zero ({bands})."
        ),
    }
    names = {laydown.id: laydown.name for laydown in contents.laydowns}
    step = rounding_step(measure.low, measure.high, measure.value)
    size = wording.quantity(abs(measure.value), measure.unit, step, difference=True).removeprefix("+")
    text = patterns[found].format(
        second=names.get(difference.second, difference.second),
        name=headline_name(contents.headline, translate),
        size=size,
        value=wording.value(measure, difference=True),
        bands=wording.bands(measure, difference=True),
    )
    return Sentence(text, found)


def _alike_sentence(contents: Contents, alike: list[Difference], wording: Wording) -> Sentence:
    """All laydowns that show no difference, in one sentence."""
    names = {laydown.id: laydown.name for laydown in contents.laydowns}
    pattern = wording.translate(
        "No difference in {name} is shown if one of these stood in its place, for the chance band of the paired "
        "difference covers zero: {laydowns}."
    )
    listed = "; ".join(f"“{names.get(one.second, one.second)}”" for one in alike)
    return Sentence(pattern.format(name=headline_name(contents.headline, wording.translate), laydowns=listed), "none")


def reference_names(laydown: str, translate: Translate) -> dict[str, str]:
    """Names of the reference cases of a laydown, in the order in which they are shown."""
    return {
        "no_defence": translate("No defence"),
        "perfect_information": translate("{laydown}, perfect information").format(laydown=laydown),
        "unlimited_rounds": translate("{laydown}, unlimited rounds").format(laydown=laydown),
    }


def headline_name(headline: str, translate: Translate) -> str:
    """Name of the headline measure inside a sentence."""
    return {
        "leakage": translate("leakage"),
        "raid_annihilation": translate("the probability that nothing gets through"),
        "assets_held": translate("the number of assets held"),
        "value_saved": translate("the value saved"),
    }.get(headline, headline)


def _cause_sentence(laydown: str, case: Case, wording: Wording) -> str:
    translate = wording.translate
    single = {key: share for key, share in case.causes.items() if key != "none_or_several"}
    if not single or max(share.value for share in single.values()) <= 0.0:
        pattern = translate("If “{laydown}” met this raid, no single condition would explain what gets through.")
        return pattern.format(laydown=laydown)
    key = max(single, key=lambda name: single[name].value)
    pattern = translate(
        "If “{laydown}” met this raid, the most frequent single reason for getting through would be “{cause}”: {value} "
        "of the {leakers} leakers that were replayed ({bands}); {open} have no single reason."
    )
    other = case.causes.get("none_or_several")
    return pattern.format(
        laydown=laydown,
        cause=cause_name(key, translate),
        value=wording.value(single[key]),
        leakers=wording.count(case.n_cause_leakers),
        bands=wording.bands(single[key]),
        open=wording.value(other) if other else wording.quantity(0.0, SHARE, 0.01),
    )


def cause_name(key: str, translate: Translate) -> str:
    """Name of a but-for cause."""
    if key == "none_or_several":
        return translate("none alone, or several")
    return stage_names(translate).get(key, key.replace("_", " "))
