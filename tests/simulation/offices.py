"""Offices to simulate: those of the demonstration, and one that has what they have not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from server import company
from server.demonstration import start
from server.domain.office import Office, office_from_document
from server.sdk import settings


def demonstration_offices(path: Path = start.COMPANY) -> dict[str, Office]:
    """The offices of the demonstration by code."""
    document = settings.load(company.CompanySettings, path)
    return {office["code"]: office_from_document(office) for office in document.documents()}


def an_office_with_weights() -> Office:
    """Three desks that give some services only beside others, or only when idle."""
    office = demonstration_offices()["zarechny"]
    codes = tuple(service.code for service in office.services)
    first, second, third, _cash = office.desks
    desks = (
        replace(first, services=codes, additional=codes[2:4], when_idle=codes[4:]),
        replace(second, services=codes, additional=codes[:2], when_idle=codes[3:4]),
        replace(third, services=codes, additional=codes[:3]),
    )
    return replace(office, code="weights", desks=desks)
