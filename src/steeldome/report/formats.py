"""What an export writes; apart, so that the command line can name it without drawing anything."""

from enum import StrEnum


class Format(StrEnum):
    """A workbook, plain tables, figures, or all of them."""

    XLSX = "xlsx"
    CSV = "csv"
    FIGURES = "figures"
    ALL = "all"
