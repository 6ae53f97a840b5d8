"""docs/sources.md says what the criteria say."""

from pathlib import Path

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.sources import sources_table
from hue_dti.resources import folder

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_table_is_the_one_the_criteria_give():
    written = (DOCS / "sources.md").read_text(encoding="utf-8")
    assert written == sources_table(load_catalogue(folder("criteria"))), "hãy chạy: hue-dti criteria sources --write docs/sources.md"


def test_every_criterion_of_an_official_set_names_its_measures_their_sources_and_owners():
    catalogue = load_catalogue(folder("criteria"))
    rows = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in sources_table(catalogue).splitlines()]
    for criteria_set in catalogue.sets.values():
        for criterion in criteria_set.criteria if criteria_set.official else ():
            own = [row for row in rows if row[0].strip("| ") == criterion.code]
            for code in criterion.rule.measures():
                measure = catalogue.measures[code]
                source = catalogue.sources[measure.source]
                told = [row for row in own if measure.name in row[2] and row[3] == source.name]
                assert told, (criterion.code, code)
                assert told[0][5].strip("| ") == source.owner
                assert told[0][4] == {"connector": "kết nối tự động", "spreadsheet": "bảng nhập XLSX"}[source.entry]


def test_a_bar_in_a_name_does_not_break_the_table(tmp_path):
    for path in (folder("criteria") / "hue").glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace('name: "Ứng dụng Hue-S"', 'name: "Ứng dụng | Hue-S"')
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    table = sources_table(load_catalogue(tmp_path))
    assert "Ứng dụng \\| Hue-S" in table
