"""The tasks of makers by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def _nudge(name: str, row_id: Any) -> None:
    nudge(import_string(f"fondaco.makers.tasks.{name}"), str(row_id))


def send_invitation(application_id: Any) -> None:
    """Invite an approved applicant."""
    _nudge("send_invitation", application_id)


def switch_relisting(relisting_id: Any) -> None:
    """End the original where the new listing is ready."""
    _nudge("switch_relisting", relisting_id)


def check_profile(version_id: Any) -> None:
    """Look at a profile that was sent in."""
    _nudge("check_profile", version_id)


def activate_customisation(listing_id: Any) -> None:
    """Offer a customisation to buyers."""
    _nudge("activate_customisation", listing_id)
