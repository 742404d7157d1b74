"""The API's document against its server for long: three seeds, two hundred examples for each path."""

from __future__ import annotations

import pytest

from server.db.engine import connect
from tests.flow.api_document import NO_LIMITS, explore
from tests.flow.one_server import OneServer
from tests.programs import Programs
from tests.working_company import WorkingCompany

EXAMPLES = 200


@pytest.mark.bench
@pytest.mark.timeout(2500)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_path_answers_as_the_document_says_however_long_one_asks(
    programs: Programs, company: WorkingCompany, seed: int
) -> None:
    engine = connect(company.database_url)
    live = OneServer(programs.server(company.database_url, bookings=NO_LIMITS), company, engine)
    tried = explore(live, EXAMPLES, seed, "examples,coverage,fuzzing,stateful", seconds=2400)
    engine.dispose()
    print(f"\nseed {seed}: {tried} cases, all answered as documented")
