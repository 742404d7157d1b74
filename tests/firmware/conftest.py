"""Fixtures of the firmware's tests: built once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.firmware.bench import Bench, Unit
from tests.firmware.native import Native
from tests.firmware.workshop import PICTURES, Workshop, build_images, build_native


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The images and the harness."""
    return build_images(tmp_path_factory.mktemp("images"))


@pytest.fixture(scope="session")
def natives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Native]:
    """The core as a program, by picture."""
    folder = tmp_path_factory.mktemp("native")
    return {picture: Native(build_native(folder, picture)) for picture in PICTURES}


@pytest.fixture(scope="session")
def native(natives: dict[str, Native]) -> Native:
    """The core as a program, where the picture does not matter."""
    return natives["matrix"]


@pytest.fixture
def put(workshop: Workshop) -> Iterator[Callable[..., Bench]]:
    """Puts devices on a line in virtual time: ``put(Unit(), Unit("desk_sign_matrix", 1))``.

    After the test none of them may have spoken out of turn.
    """
    benches: list[Bench] = []

    def one(*units: Unit) -> Bench:
        benches.append(Bench(workshop, list(units)))
        return benches[-1]

    yield one
    for bench in benches:
        bench.close()
    assert [bench.faults() for bench in benches] == [[] for _ in benches]
