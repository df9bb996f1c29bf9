"""A table reads the same whether its entries stand below one another or side by side."""

from steeldome.report.tables import Column, Table, TableRow

TIDY = Table(
    "use",
    "Use.",
    "Unit: objects; n = 3.",
    (
        Column("class", "Class"),
        Column("laydown", "Laydown"),
        Column("kills", "Kills", "count"),
        Column("shots", "Shots", "count"),
    ),
    (
        TableRow(("drones", "first", 1, 2), "guns"),
        TableRow(("drones", "second", 3, 4), "guns"),
        TableRow(("drones", "second", 5, 6), "missiles", "reference"),
    ),
    across="laydown",
)


def test_entries_run_across_under_their_names_and_what_is_missing_is_empty() -> None:
    page = TIDY.on_page()
    assert [(over, [column.heading for column in columns]) for over, columns in page.overs] == [
        ("", ["Class"]),
        ("first", ["Kills", "Shots"]),
        ("second", ["Kills", "Shots"]),
    ]
    assert page.rows == (
        TableRow(("drones", 1, 2, 3, 4), "guns"),
        TableRow(("drones", None, None, 5, 6), "missiles", "reference"),
    )


def test_a_single_column_takes_the_entries_as_headings_and_file_columns_stay_off_the_page() -> None:
    columns = (*TIDY.columns[:3], TIDY.columns[3]._replace(place="file"))
    page = Table("use", "Use.", "", columns, TIDY.rows, across="laydown").on_page()
    assert [column.heading for column in page.columns] == ["Class", "first", "second"]
    assert [row.cells for row in page.rows] == [("drones", 1, 3), ("drones", None, 5)]
    assert page.width == 3
