"""The real booking pages on a free port: a company that takes bookings, its clock standing on a Monday."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from server.config import TalonSettings
from server.web.app import create_web
from tests.booking_builders import take_bookings
from tests.builders import Clock, a_store
from tests.local_server import LocalServer

OFFICE: dict[str, Any] = {
    "address": {
        "ru": "ул. Примерная, 1, второй этаж",
        "kk": "Үлгі көшесі, 1, екінші қабат",
        "en": "1 Example Street, second floor",
    },
    "phone": "+7 (000) 000-00-01",
    "services": [
        {
            "code": "contract",
            "prefix": "А",
            "name": {
                "ru": "Договор энергоснабжения",
                "kk": "Энергиямен жабдықтау шарты",
                "en": "Electricity contract",
            },
            "hint": {
                "ru": "Заключить, изменить, расторгнуть",
                "kk": "Жасасу, өзгерту, бұзу",
                "en": "Conclude, change, end",
            },
            "documents": {
                "ru": "- паспорт\n- документ на помещение\n- акт приёмки прибора учёта",
                "kk": "- төлқұжат\n- үй-жайға құжат\n- есептегішті қабылдау актісі",
                "en": "- passport\n- title to the premises\n- acceptance act of the meter",
            },
            "norm_minutes": 15,
        },
        {
            "code": "cash",
            "prefix": "К",
            "name": {"ru": "Касса", "kk": "Касса", "en": "Cash desk"},
            "norm_minutes": 15,
        },
    ],
}


class BookingSite:
    """A server of this process over a fresh SQLite file; ``rules`` are its office's ``bookings``."""

    def __init__(self, folder: Path, frame_from: tuple[str, ...] = (), **rules: Any) -> None:
        self.clock = Clock()
        self.store = a_store(f"sqlite:///{folder}/talon.sqlite", self.clock)
        self.office = take_bookings(self.store, OFFICE, **{"horizon_days": 35, **rules})
        settings = {
            "server": {"state_folder": str(folder / "state")},
            # Pages are looked at faster than people do.
            "bookings": {"frame_from": list(frame_from), "requests_per_minute": 0, "holds_per_minute": 0},
        }
        web = create_web(
            TalonSettings.model_validate(settings), self.store, lambda: None, async_mode="threading"
        )
        self._server = LocalServer(web.app)
        self.url = self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.store.engine.dispose()
