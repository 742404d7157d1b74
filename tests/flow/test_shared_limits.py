"""How often the public may ask, counted in Redis: two server processes share one count, also by token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from redis import Redis

from server import cli
from server.db.engine import connect
from server.db.store import Store
from server.domain.errors import TooOften
from server.web.rate_limit import Limits
from tests.flow.test_booking_race import take_bookings
from tests.programs import Caller, Programs
from tests.redis_server import RedisServer
from tests.working_company import OFFICE, WorkingCompany

MOST = 20
MINUTE = 60


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


class Moments:
    """A clock in seconds."""

    now = 6000.0

    def __call__(self) -> float:
        return self.now


def test_two_counters_on_one_redis_count_together_until_the_minute_is_over(redis: RedisServer) -> None:
    clock = Moments()
    here, there = (Limits({"hold": 3}, redis.url, clock) for _ in range(2))
    for one in (here, there, here):
        one.check("hold", "192.0.2.1")
    with pytest.raises(TooOften) as refused:
        there.check("hold", "192.0.2.1")
    assert refused.value.values == {"seconds": MINUTE + 1}
    there.check("hold", "192.0.2.2")
    clock.now += MINUTE
    here.check("hold", "192.0.2.1")


def test_when_redis_is_gone_each_counts_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    with RedisServer() as gone:
        pass
    here, there = (Limits({"hold": 2}, gone.url, Moments()) for _ in range(2))
    for one in (here, there, here, there):
        one.check("hold", "192.0.2.1")
    with pytest.raises(TooOften):
        here.check("hold", "192.0.2.1")
    assert "Redis does not answer" in caplog.text


def test_two_server_processes_share_the_count_of_the_public_and_of_a_token(
    programs: Programs, company: WorkingCompany, redis: RedisServer
) -> None:
    take_bookings(company)
    engine = connect(company.database_url)
    other = cli.make_token(Store(engine), "integration", "test", None)
    engine.dispose()
    limits: dict[str, object] = {"requests_per_minute": MOST, "integration_requests_per_minute": MOST}
    servers = [
        programs.server(company.database_url, name, redis_url=redis.url, bookings=limits)
        for name in ("server-1", "server-2")
    ]
    for what, token in (("booking", None), ("integration", company.devices["integration"])):
        statuses: Counter[int] = Counter()
        callers = [Caller(server.url, token) for server in servers]
        for turn in range(MOST + 4):
            answer = callers[turn % 2].get(f"offices/{OFFICE}/booking-rules")
            statuses[answer.status_code] += 1
            if answer.status_code == 429:
                assert 1 <= int(answer.headers["Retry-After"]) <= MINUTE + 1
        for caller in callers:
            caller.close()
        # One count for both; two if the minute has changed meanwhile.
        with Redis.from_url(redis.url) as counters:
            counts = [int(counters.get(key) or 0) for key in counters.scan_iter(f"talon:limit:{what}:*")]
        assert sum(counts) == MOST + 4
        assert statuses[200] == sum(min(count, MOST) for count in counts), (statuses, counts)
    with Caller(servers[0].url, other) as another:
        assert another.get(f"offices/{OFFICE}/booking-rules").status_code == 200
