"""Flip one byte of a frozen quarter, many times over: verification must find each and say where.

    python -m benchmarks.proofs.flips [--flips 400] [--seed 1]

Exits 1 when a flip was missed or not named.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.proofs.quarters import district_quarter
from hue_dti.snapshots.bundle import FIGURES, PLACES, TRAILER_LENGTH, encode, open_bundle
from hue_dti.snapshots.difference import Difference
from hue_dti.snapshots.verify import verify


@dataclass(frozen=True)
class Flip:
    """One flipped byte: its position, the byte it became, what verification said."""

    position: int
    became: int
    part: str
    found: tuple[Difference, ...]

    @property
    def named(self) -> bool:
        """Whether the first difference says which part of the bundle, and in a figure which unit and measure."""
        if not self.found:
            return False
        first = self.found[0]
        return (
            bool(first.unit and first.measure)
            if self.part in (FIGURES, PLACES)
            else first.section not in ("", "trailer") or self.part == "trailer"
        )


def flips(bundle: bytes, count: int, seed: int) -> Iterator[Flip]:
    """Flip `count` bytes, one at a time: half of them anywhere, half spread over the parts."""
    chance = random.Random(seed)
    end = bundle.index(b"\n")
    parts = (range(len(bundle)), range(end), range(end + 1, len(bundle) - TRAILER_LENGTH), range(len(bundle) - TRAILER_LENGTH, len(bundle)))
    for number in range(count):
        position = chance.choice(parts[0] if number % 2 else parts[1 + number // 2 % 3])
        became = bundle[position] ^ chance.randint(1, 255)
        tampered = bundle[:position] + bytes([became]) + bundle[position + 1 :]
        yield Flip(position, became, part_at(bundle, position), verify(tampered))


def part_at(bundle: bytes, position: int) -> str:
    """The part a position belongs to: manifest, figures/, places/ or trailer."""
    start = bundle.index(b"\n") + 1
    if position < start:
        return "manifest"
    if position >= len(bundle) - TRAILER_LENGTH:
        return "trailer"
    for entry in open_bundle(bundle).manifest["blocks"]:
        start += entry["length"]
        if position < start:
            return FIGURES if entry["name"].startswith(FIGURES) else PLACES
    raise AssertionError(position)


def main() -> int:
    """Run the proof and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--flips", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    bundle = encode(district_quarter())[1]
    assert verify(bundle) == ()
    tried = list(flips(bundle, chosen.flips, chosen.seed))
    missed = [flip for flip in tried if not flip.named]
    for flip in missed:
        print(f"byte {flip.position} of {flip.part} became {flip.became}: {'; '.join(map(str, flip.found)) or 'not found'}")
    parts = ", ".join(f"{count} in {part}" for part, count in Counter(flip.part for flip in tried).items())
    print(f"{len(tried) - len(missed)} of {len(tried)} one-byte flips found and named in a bundle of {len(bundle):,} bytes ({parts})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
