"""Sentences said by plain-Python parts that know no translation: history's own rules and `kit`.

What `kit.errors` and `kit.money` say, the shell translates (`web.refusals`).
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

REFUSALS = (
    N_("An event needs a thing with an identity, not %(given)s."),
    N_("There is no time zone called %(name)s."),
    N_("This calendar has no business day within a year."),
    N_("This text contains a character that cannot be stored (%(character)s at position %(position)s)."),
    N_("Remove the character and send it again."),
    N_("This text has %(length)s characters; at most %(limit)s are allowed."),
    N_("Shorten it."),
    N_("Something must be written here."),
    N_("A value of this kind cannot be recorded: %(kind)s."),
)
