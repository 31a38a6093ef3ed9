"""Folders of CSV files: encodings, separators, rows that fall apart, files that are no table."""

from __future__ import annotations

import pytest

from tests.tables.cases import checked, good_case, write_csv

RULES = {"encoding", "csv_broken", "row_length", "not_a_table"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings(encoding, tmp_path):
    """Proves: Chinese text is read alike from every encoding planners save in."""
    case = good_case()
    case["items"][0]["name"] = "高压锂电"
    result = checked(write_csv(tmp_path, case, encoding))
    assert result.tables is not None
    assert result.tables.frames["items"]["name"].iloc[0] == "高压锂电"
    assert "item" in result.tables.book.tables["items"].columns  # a byte-order mark is no part of the first header



def test_unknown_encoding(tmp_path):
    """Proves: a file in another encoding is refused and named, not read as nonsense."""
    folder = write_csv(tmp_path, good_case())
    (folder / "items.csv").write_bytes("item\nÄ\n".encode("utf-16"))
    assert ("encoding", "items.csv") in {(finding.rule, finding.cell) for finding in checked(folder).findings}



@pytest.mark.parametrize(("old", "new", "rule", "cell"), [
    ("pack,Pack,", 'pack,"Pack,', "csv_broken", None),
    ("pack,Pack,ess", "pack,Pack, big,ess", "row_length", "items.csv row 2"),
    ("pack,Pack,ess,2.0,60", "pack,Pack", "row_length", "items.csv row 2"),
    ("item,name", "item,物料", "duplicate_header", "items.csv B1"),
    ("item,name", "item, Item [id]", "duplicate_header", "items.csv B1"),
])
def test_broken_csv(old, new, rule, cell, tmp_path):
    """Proves: a file that falls apart is named with its row."""
    folder = write_csv(tmp_path, good_case())
    text = (folder / "items.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / "items.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [finding for finding in checked(folder).findings if finding.rule == rule]
    assert found
    assert cell in (None, found[0].cell)



@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(mark, tmp_path):
    """Proves: files separated by semicolons or tabs are recognised by their headers."""
    folder = write_csv(tmp_path, good_case())
    for name in ("items", "lines"):
        file = folder / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")
    assert checked(folder).findings == []



def test_csv_rows_are_counted_as_in_the_file(tmp_path):
    """Proves: blank rows are skipped but counted, so that addresses agree with the file on screen."""
    folder = write_csv(tmp_path, good_case())
    file = folder / "items.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], "", ",,,,", *lines[1:], "", ",bad name without key,,,"]), encoding="utf-8")
    found = {(finding.rule, finding.cell, finding.row) for finding in checked(folder).findings}
    assert found == {("missing_value", "items.csv A9", 9)}



def test_files_that_are_no_table(tmp_path):
    """Proves: other files are named once in a warning; notes every folder has are not."""
    folder = write_csv(tmp_path, good_case())
    for name in ("machines.csv", "orders.xlsx", "README.md", ".DS_Store", "~$orders.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    result = checked(folder)
    assert [(finding.rule, finding.severity, finding.value) for finding in result.findings] == [
        ("not_a_table", "warning", "machines.csv"), ("not_a_table", "warning", "orders.xlsx")]
    assert result.tables is not None
    assert result.tables.book.ignored == ["machines.csv", "orders.xlsx"]
