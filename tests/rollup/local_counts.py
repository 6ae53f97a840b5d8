"""A small province for tests of the roll-up: three districts of communes, figures by unit, everything else as it ships."""

from datetime import date

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.rollup.local import add_up
from hue_dti.rollup.province import roll_up
from hue_dti.scoring.frame import blank_column
from hue_dti.scoring.model import Frame
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

CATALOGUE = load_catalogue(folder("criteria"))
FRAMEWORKS = load_frameworks(folder("criteria"))
FRAMEWORK = FRAMEWORKS["province-922"]
MADE = load_rollups(folder("criteria"), CATALOGUE, FRAMEWORKS)["hue-931-to-province-922"]
DAY = date(2024, 6, 10)


def units(districts=("A", "B", "C"), communes=3):
    """Province P, its districts, and A1, A2, A3 … below them."""
    made = [OrgUnit("P", "Tỉnh P", Level.PROVINCE, None, date(2020, 1, 1))]
    for code in districts:
        made.append(OrgUnit(code, f"Huyện {code}", Level.DISTRICT, "P", date(2020, 1, 1)))
        made += [OrgUnit(f"{code}{n}", f"Xã {code}{n}", Level.COMMUNE, code, date(2020, 1, 1)) for n in range(1, communes + 1)]
    return made


def frame(figures, of=None):
    """`figures`: measure → unit → a count, a State, or (count, State); what is not named is missing."""
    tree = build_tree(of or units(), DAY)
    columns = {code: blank_column(tree, CATALOGUE.measures[code]) for code in MADE.measures}
    for code, by_unit in figures.items():
        for unit, told in by_unit.items():
            row = tree.index[unit]
            value, state = told if isinstance(told, tuple) else (0, told) if isinstance(told, State) else (told, State.MEASURED)
            columns[code].value[row], columns[code].state[row], columns[code].as_of[row] = value, state, DAY.toordinal()
    return Frame(tree, columns)


def added_up(figures, of=None, rows=(0,), month=6):
    """The feeds of the shipped map over these figures, and the tree."""
    laid = frame(figures, of)
    return add_up(MADE, CATALOGUE.measures, laid, list(rows), month), laid.tree


def rolled(figures, entered=(), of=None, month=6):
    """The province's roll-up."""
    feds, tree = added_up(figures, of, month=month)
    local = {code: fed.figure(tree, 0) for code, fed in feds.items()}
    return roll_up(FRAMEWORK, MADE, local, {each.code: each for each in entered})
