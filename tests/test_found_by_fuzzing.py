"""What fuzzing has found, each as small as it could be made: no exception, within the limits, the same result twice."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, tried

CASES = sorted((Path(__file__).parent / "cases" / "fuzz").glob("*.txt"))
BY_NAME = {target.run.__name__: target for target in TARGETS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_what_was_found_stays_mended(case: Path) -> None:
    tried(BY_NAME[case.stem.partition("-")[0]], case.read_bytes(), twice=True)


def test_every_way_in_is_fuzzed_from_seeds_that_it_takes() -> None:
    for target in TARGETS:
        assert len(target.seeds()) > 5, target
        tried(target, target.seeds()[0].encode("utf-8", "surrogateescape"), patience=4.0, twice=True)
