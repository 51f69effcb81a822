"""The published good answers (2xx), each with what it is asked by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fondaco.spapi.tests import models_folder, published


@dataclass(frozen=True, slots=True)
class Case:
    """`id` is model, operation and its place among the good answers of that operation."""

    id: str
    operation: published.Published
    status: int
    asked: dict[str, Any]
    answer: Any

    @property
    def is_read(self) -> bool:
        return self.operation.method == "GET"


def good_cases() -> list[Case]:
    """All of them in the order of the models; none without the models."""
    if models_folder.folder() is None:
        return []
    found = []
    for operation in published.operations().values():
        good = ((status, asked, case) for status, asked, case in published.static_cases(operation) if status < 300)
        for number, (status, asked, case) in enumerate(good):
            name = f"{operation.model[:-5]}/{operation.name}/{number}"
            found.append(Case(name, operation, status, asked, case.get("response")))
    return found
