"""Ten million random bytes on a line: nothing fails, nothing is taken for a press."""

from __future__ import annotations

import pytest

from tests.firmware_bridge.noise import feed_noise

BYTES = 10_000_000


@pytest.mark.bench
def test_ten_million_random_bytes() -> None:
    told = feed_noise(BYTES, seed=485)
    print(
        f"\n{BYTES} random bytes: {told.false_presses} false presses (limit 0), "
        f"{told.false_frames} false frames, {told.dropped} frames dropped, in step again after "
        f"{told.worst_frames_to_step} whole frame(s) at worst (limit 2)"
    )
    assert told.false_presses == 0
    assert told.worst_frames_to_step <= 2
