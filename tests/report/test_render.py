"""Proves, where LibreOffice is installed: the first page is one page, and nothing on it or behind it is cut to ###."""

import shutil
import subprocess
import time

import pytest

from model.report.workbook import write_result
from tests.report.fakes import fake_result, fake_tables

pytestmark = pytest.mark.slow
OFFICE, PDF_TEXT = shutil.which("soffice"), shutil.which("pdftotext")


@pytest.mark.skipif(not (OFFICE and PDF_TEXT), reason="LibreOffice or pdftotext is not installed")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Battery plant", "Load by technology", "Missed promises", "From revenue to margin", "LINE-8"]),
    ("zh", ["订单计划", "各技术路线负荷", "未兑现承诺", "从收入到边际贡献", "国内"])])
def test_rendered_pages(tmp_path, language, words):
    result = fake_result(fake_tables(published=True), misses=9, status="promises_missed")
    path = write_result(tmp_path / "plan.xlsx", result, result.tables, [], language)[0]
    subprocess.run([OFFICE, f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to",
                    "pdf", "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=180)
    pages = subprocess.run([PDF_TEXT, "-layout", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True,
                           timeout=60).stdout.decode("utf-8").split("\f")
    assert [word for word in words if word not in pages[0]] == []
    assert "Decisions" not in pages[0]
    assert ("Misses" if language == "en" else "未兑现承诺") in pages[1]
    assert not [number for number, page in enumerate(pages, start=1) if "###" in page or "Err:" in page]


def test_fifty_thousand_orders_are_written_in_a_minute(tmp_path):
    result = fake_result(fake_tables(orders=50_000, lines=100, bucket_count=104))
    started = time.process_time()
    write_result(tmp_path / "plan.xlsx", result, result.tables, [])
    assert time.process_time() - started < 60
