"""Tables on the terminal: what sources and files say stands there as they said it."""

from datetime import date

from hue_dti.cli.common import console
from hue_dti.cli.pull import outcome_table, say_outcome
from hue_dti.observations.model import SourceFault
from hue_dti.services.letting_in import SourceOutcome

FAULT = SourceFault("Số liệu!C5", "cột 'Số liệu [staff_x]' không phải số liệu của nguồn này [/b] :smile:")
OUTCOME = SourceOutcome("district", "Số liệu [huyện] báo cáo", "partial", "1 dòng", 1, 3, date(2024, 6, 10), (FAULT,))
FAILED = SourceOutcome("police", "Công an", "failed", "nguồn trả [red]503[/red]", 1, 0, None, ())


def test_brackets_and_colons_in_a_source_s_words_are_printed_as_they_are(capsys):
    console().print(outcome_table([OUTCOME, FAILED]))
    say_outcome(console(), FAILED)
    printed = " ".join(capsys.readouterr().out.split())
    for words in ("[staff_x]", "[/b]", ":smile:", "[huyện]", "nguồn trả [red]503[/red]"):
        assert words in printed


def test_a_figure_without_a_day_has_no_age(capsys):
    console().print(outcome_table([FAILED]))
    assert "–" in capsys.readouterr().out
