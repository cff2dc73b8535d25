"""What a decision on the plan changes of what is owed, read back before it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from conversation.texts import Say, _, lines, listed, n_
from plans.obligations import Difference
from plans.terms import Owed

# Codes named of each kind.
NAMED = 3


def effect_in_words(effect: Difference) -> Say:
    """ "Agrega 11 entregables: A03-2022-02-SALUD…"; that nothing changes is said too."""
    changed = [after for _before, after in effect.changed]
    said = [
        *([_codes(n_("Agrega {n} entregable", "Agrega {n} entregables", _units(effect.added)), effect.added)]
          if effect.added else []),
        *([_codes(n_("Retira {n} entregable", "Retira {n} entregables", _units(effect.removed)), effect.removed)]
          if effect.removed else []),
        *([_codes(n_("Cambia {n}", "Cambian {n}", len(changed)), changed)] if changed else []),
    ]  # fmt: skip
    return lines(*said) if said else _("No agrega, retira ni cambia entregables.")


def counts(effect: Difference) -> dict[str, int]:
    """The same for the audit: how many obligations."""
    return {"added": len(effect.added), "changed": len(effect.changed), "removed": len(effect.removed)}


def _units(some: Sequence[Owed]) -> int:
    return sum(one.units for one in some)


def _codes(head: Say, some: Sequence[Owed]) -> Say:
    codes: list[Say] = [one.code for one in some[:NAMED]]
    more = len(some) - NAMED
    named = listed([*codes, n_("y {n} más", "y {n} más", more)] if more > 0 else codes)
    return _("{head}: {codes}.", head=head, codes=named)
