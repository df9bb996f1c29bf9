"""What every page has in common: the templates, the style sheet, the head that lets nothing be loaded."""

import jinja2
from markupsafe import Markup

from steeldome.report.wording import Wording


def page_environment(wording: Wording, *more_styles: str) -> tuple[jinja2.Environment, Markup]:
    """Environment in which templates are rendered, and the text of the style sheets.

    Parameters
    ----------
    wording : Wording
        Known to every template, with its ``translate``.
    more_styles : str
        Style sheets after ``style.css``, by name.
    """
    loader = jinja2.PackageLoader("steeldome.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    sheets = [loader.get_source(environment, name)[0] for name in ("style.css", *more_styles)]
    environment.globals.update({"translate": wording.translate, "wording": wording})
    return environment, Markup("\n".join(sheets))
