from __future__ import annotations

from pathlib import Path

import pytest

from plans.bundled import read_yaml
from plans.documents import read_document
from plans.readings import read_plan
from plans.terms import Document, Plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def narino_document() -> Document:
    return read_document(ROOT / "tests" / "data" / "plan-narino-2022.txt")


@pytest.fixture(scope="session")
def narino_read(narino_document: Document) -> Plan:
    """The plan as read from the document: owners are names, no registry."""
    return read_plan(narino_document)


@pytest.fixture(scope="session")
def narino() -> Plan:
    """The bundled plan: 25 dependencies, one topic."""
    return read_yaml(ROOT / "plans" / "narino-2022.yaml")
