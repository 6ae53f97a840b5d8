"""Each file in broken/ has one mistake; its first line says on which line the loader must see it and which words it must use.

Those in broken/sample/ are wrong only beside its sound district.yaml.
"""

import re
import shutil
from pathlib import Path

import pytest

from hue_dti.catalogue.load import load_catalogue, load_paths, load_texts
from hue_dti.errors import CatalogueError

BROKEN = Path(__file__).parent / "broken"
SAMPLE_FOLDER = BROKEN / "sample"
SOUND = {"measures.yaml", "district.yaml"}
SETS = sorted(path for folder in (BROKEN, SAMPLE_FOLDER) for path in folder.glob("*.yaml") if path.name not in SOUND)
MEASURES = sorted((BROKEN / "measures").glob("*.yaml"))
SAMPLE = {f"hue/{name}": (SAMPLE_FOLDER / name).read_text(encoding="utf-8") for name in sorted(SOUND)}


def faults_of(*paths):
    with pytest.raises(CatalogueError) as caught:
        load_paths(paths, BROKEN)
    return caught.value.faults


def expected_of(path):
    match = re.match(r"# dòng (\d+): (.+)\n", path.read_text(encoding="utf-8"))
    assert match, f"{path} does not say what is wrong with it"
    return int(match[1]), match[2].split(" | ")


@pytest.mark.parametrize("path", SETS + MEASURES, ids=lambda path: path.name.removesuffix(".yaml"))
def test_one_mistake_gives_one_fault_with_its_line_and_remedy(path, tmp_path):
    line, words = expected_of(path)
    for name in SOUND if path.parent == SAMPLE_FOLDER else {"measures.yaml"}:
        shutil.copy(SAMPLE_FOLDER / name, tmp_path)
    alone = tmp_path / path.name
    shutil.copy(path, alone)
    faults = faults_of(alone)
    assert [(fault.path, fault.line) for fault in faults] == [(str(alone), line)], faults
    missing = [word for word in words if word not in str(faults[0])]
    assert not missing, str(faults[0])
    assert re.match(r"hãy ", faults[0].remedy)


def test_there_are_broken_files_for_sets_and_for_measures():
    assert len(SETS) >= 40
    assert len(MEASURES) >= 10


def test_the_sample_the_broken_files_were_made_from_has_no_fault():
    assert list(load_texts(SAMPLE).sets) == ["sample-district"]


def test_a_file_with_many_mistakes_gives_all_of_them_at_once_in_file_order():
    text = SAMPLE["hue/district.yaml"]
    mistakes = {
        "level: district": "level: distric",
        "issued_on: 2024-04-04": "issued_on: 2024-13-04",
        "Q2: 06-10": "Q2: 6-10",
        "enough_data: 65%": "enough_data: nhiều",
        "name: Nhận thức số": "nam: Nhận thức số",
        "        max_points: 10": "        max_points: mười",
        "source: app": "source: apq",
        "measure: news": "measure: nwes",
        "deadline: 12-31": "deadline: 31-12",
        "at_least: 24": "at_least: -1",
        "{part} tin": "{parts} tin",
    }
    for right, wrong in mistakes.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    with pytest.raises(CatalogueError) as caught:
        load_texts({**SAMPLE, "hue/district.yaml": text})
    found = [str(fault) for fault in caught.value.faults]
    for word in (
        "distric'",
        "2024-13-04",
        "6-10",
        "nhiều",
        "'nam'",
        "thiếu khóa 'name'",
        "mười",
        "apq",
        "nwes",
        "31-12",
        "'-1'",
        "{parts}",
    ):
        assert any(word in fault for fault in found), (word, found)
    assert [fault.line for fault in caught.value.faults] == sorted(fault.line for fault in caught.value.faults)


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16"])
def test_a_file_saved_in_another_encoding_is_named_with_the_first_line_that_cannot_be_read(tmp_path, encoding):
    path = tmp_path / "district.yaml"
    path.write_bytes("code: mau\ntitle: Bộ chỉ số\n".replace("ộ", "ô").replace("ỉ", "i").replace("ố", "ô").encode(encoding))
    shutil.copy(BROKEN / "measures.yaml", tmp_path)
    (fault,) = faults_of(path)
    assert (fault.path, fault.line) == (str(path), 2 if encoding == "cp1258" else 1)
    assert (fault.what, fault.remedy) == ("tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")


def test_the_faults_of_all_files_are_given_at_once(tmp_path):
    other = tmp_path / "other.yaml"
    other.write_bytes(b"title: \xff\n")
    paths = [SAMPLE_FOLDER / "dates-overlap-another-set.yaml", other, BROKEN / "measures" / "level-twice.measures.yaml"]
    assert {fault.path for fault in faults_of(*paths)} >= {str(path) for path in paths}


def test_a_mistake_in_the_measures_is_not_repeated_by_every_criterion_that_uses_them():
    broken = SAMPLE["hue/measures.yaml"].replace("news: {name: Tin, noun: tin", "news: {noun: tin")
    with pytest.raises(CatalogueError) as caught:
        load_texts({**SAMPLE, "hue/measures.yaml": broken})
    assert [fault.path for fault in caught.value.faults] == ["hue/measures.yaml"]


def test_measures_that_are_not_yaml_do_not_make_every_name_unknown():
    with pytest.raises(CatalogueError) as caught:
        load_texts({**SAMPLE, "hue/measures.yaml": "sources: ["})
    assert [fault.path for fault in caught.value.faults] == ["hue/measures.yaml"]


def test_sets_without_any_measures_file_are_told_to_write_one():
    with pytest.raises(CatalogueError) as caught:
        load_texts({"hue/district.yaml": SAMPLE["hue/district.yaml"]})
    assert "measures.yaml" in caught.value.faults[0].what
    assert len(caught.value.faults) == 1


def test_a_file_ending_in_yml_is_not_passed_over_in_silence(tmp_path):
    for name, text in SAMPLE.items():
        (tmp_path / Path(name).name).write_text(text, encoding="utf-8")
    (tmp_path / "commune.yml").write_text("code: x\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert [(fault.path, fault.remedy) for fault in caught.value.faults] == [
        (str(tmp_path / "commune.yml"), "hãy đổi tên tệp thành đuôi .yaml")
    ]


def test_a_code_declared_in_two_measures_files_is_told_with_the_first_place(tmp_path):
    shutil.copy(SAMPLE_FOLDER / "measures.yaml", tmp_path)
    (tmp_path / "more.measures.yaml").write_text(
        "sources: {}\nmeasures:\n  staff: {name: Người, noun: người, kind: count, levels: [commune], "
        "over_units: sum, over_time: last, source: forms}\n",
        encoding="utf-8",
    )
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == (str(tmp_path / "more.measures.yaml"), 3)
    assert f"'staff' đã khai báo tại {tmp_path / 'measures.yaml'}:" in fault.what


def test_a_place_that_cannot_be_read_is_a_fault(tmp_path):
    shutil.copy(SAMPLE_FOLDER / "measures.yaml", tmp_path)
    gone = tmp_path / "gone.yaml"
    gone.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CatalogueError, match="không đọc được tệp"):
        load_paths([tmp_path / "measures.yaml", gone], tmp_path)
