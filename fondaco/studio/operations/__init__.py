"""Verbs of the studio. Each owns its transaction, locks in the order of `locks`, and may be repeated."""

from fondaco.studio.operations.batch import submit_batch
from fondaco.studio.operations.floor import cannot_locate, check_in, dispatch, found_again, give_up, pick
from fondaco.studio.operations.guide import ensure_shipped_guide, write_entry
from fondaco.studio.operations.place import place_for_seller, place_order
from fondaco.studio.operations.retouch import (
    accept_edit,
    back_to_photograph,
    mark_flaw,
    pass_shot,
    proposals,
    release,
    take_edit,
    try_mends,
)
from fondaco.studio.operations.rights import ask_removal, confirm_removal, withdraw
from fondaco.studio.operations.shoot import (
    decide,
    drop_shot,
    finish,
    note_research,
    receive,
    report_harm,
    report_size,
    send_back,
    take_shot,
    turn_away,
)
from fondaco.studio.operations.siblings import link_to_sizes
from fondaco.studio.operations.support import convert_to_no_model, decide_cancellation, fulfil_no_model
from fondaco.studio.operations.terms import set_capacity, set_prices

__all__ = [
    "accept_edit",
    "ask_removal",
    "back_to_photograph",
    "cannot_locate",
    "check_in",
    "confirm_removal",
    "convert_to_no_model",
    "decide",
    "decide_cancellation",
    "dispatch",
    "drop_shot",
    "ensure_shipped_guide",
    "finish",
    "found_again",
    "fulfil_no_model",
    "give_up",
    "link_to_sizes",
    "mark_flaw",
    "note_research",
    "pass_shot",
    "pick",
    "place_for_seller",
    "place_order",
    "proposals",
    "receive",
    "release",
    "report_harm",
    "report_size",
    "send_back",
    "set_capacity",
    "set_prices",
    "submit_batch",
    "take_edit",
    "take_shot",
    "try_mends",
    "turn_away",
    "withdraw",
    "write_entry",
]
