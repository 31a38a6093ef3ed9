"""Proves: a reader finds the old file or the whole new one, whatever goes wrong."""

from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter.exceptions import EmptyChartSeries

from model.report.files import NotWritten, beside, write_safely


def writer(text):
    return lambda path: path.write_text(text, encoding="utf-8")


def accept(path):
    assert path.exists()


def fail_to_move_onto(monkeypatch, held, error):
    """Moving anything onto ``held`` fails."""
    replace = Path.replace

    def refuse(self, target):
        if Path(target) == held:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)


def test_new_file_replaces_the_old_one(tmp_path):
    target = tmp_path / "deep" / "plan.xlsx"
    assert write_safely(target, writer("old"), accept) == target
    assert write_safely(target, writer("new"), accept) == target
    assert target.read_text(encoding="utf-8") == "new"
    assert list(target.parent.iterdir()) == [target]


def test_locked_target_gets_a_time_stamped_name_beside_it(tmp_path, monkeypatch):
    target = tmp_path / "plan.xlsx"
    target.write_text("old", encoding="utf-8")
    fail_to_move_onto(monkeypatch, target, PermissionError(13, "Excel has it open"))
    written = write_safely(target, writer("new"), accept)
    assert written.parent == tmp_path
    assert written.name.startswith("plan.2")
    assert written.suffix == ".xlsx"
    assert written.read_text(encoding="utf-8") == "new"
    assert target.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_time_stamped_names_do_not_overwrite_each_other(tmp_path):
    moment = datetime(2025, 3, 31, 8, 5, 9)
    first = beside(tmp_path / "plan.xlsx", moment)
    assert first.name == "plan.20250331-080509.xlsx"
    first.touch()
    assert beside(tmp_path / "plan.xlsx", moment).name == "plan.20250331-080509-2.xlsx"


def test_other_failures_are_not_written_and_leave_nothing(tmp_path, monkeypatch):
    target = tmp_path / "plan.xlsx"
    target.write_text("old", encoding="utf-8")
    fail_to_move_onto(monkeypatch, target, OSError(28, "no space left"))
    with pytest.raises(NotWritten, match=r"plan\.xlsx"):
        write_safely(target, writer("new"), accept)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(NotWritten):
        write_safely(tmp_path / "file" / "plan.xlsx", writer("new"), accept)


def test_target_that_is_a_folder(tmp_path):
    (tmp_path / "plan.xlsx").mkdir()
    with pytest.raises(NotWritten):
        write_safely(tmp_path / "plan.xlsx", writer("new"), accept)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_failed_check_keeps_the_old_file(tmp_path):
    def reject(path):
        raise NotWritten(f"{path}: not what was meant")

    target = tmp_path / "plan.xlsx"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(NotWritten, match="not what was meant"):
        write_safely(target, writer("new"), reject)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_nothing_half_written_is_left_when_writing_breaks_off(tmp_path, error):
    def break_off(path):
        path.write_text("half", encoding="utf-8")
        raise error

    with pytest.raises(error):
        write_safely(tmp_path / "plan.xlsx", break_off, accept)
    assert not list(tmp_path.iterdir())


def test_what_the_writer_cannot_draw_is_not_written(tmp_path):
    """Proves: every refusal of XlsxWriter, not that of the system alone, ends as a file that is not written."""
    def refuse(path):
        raise EmptyChartSeries("a chart needs a series")

    with pytest.raises(NotWritten, match="a chart needs a series"):
        write_safely(tmp_path / "plan.xlsx", refuse, accept)
    assert not list(tmp_path.iterdir())
