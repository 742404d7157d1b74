"""Every answer of the API is one its document tells of: no fault, no unknown status, no other shape."""

from __future__ import annotations

import pytest

from server.db.engine import connect
from tests.flow.api_document import NO_LIMITS, explore
from tests.flow.one_server import OneServer
from tests.programs import Programs
from tests.working_company import WorkingCompany

LEAST = 1000


@pytest.mark.timeout(400)
def test_every_path_answers_as_the_document_says(programs: Programs, company: WorkingCompany) -> None:
    engine = connect(company.database_url)
    live = OneServer(programs.server(company.database_url, bookings=NO_LIMITS), company, engine)
    tried = explore(live, examples=2, seed=1, phases="examples,coverage,fuzzing", seconds=390)
    engine.dispose()
    assert tried >= LEAST
