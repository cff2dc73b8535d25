"""What somebody acts on: an obligation or a report, by its code, its folio or what it is about; and their yes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conversation.messages import Choice, Heard
from conversation.questions import Answer, Misread, Partial, Reading, Shown, Stale, YesNo
from conversation.texts import Say, _
from handlers.asking import PAGE
from handlers.scopes import Asked, read
from handlers.wording import period_in_words, titled
from models import owed
from models.directory import directory
from models.figures import Scope
from models.owed import Owed
from models.visit import Visit

CODE = re.compile(r"\b(?:A\d{2,}|C)-\d{4}(?:-[A-Z0-9]+)*\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """An obligation, or a report of it where `folios` are taken too.

    open_only  only what is owed and not reported is looked for by words; a code finds any
    """

    prompt: Say
    visit: Visit
    folios: bool = False
    open_only: bool = False

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, tuple(Choice(key, code) for key, code in (draft or {}).items()), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice.isdecimal():
            return Answer({"id": int(heard.choice), "report": 0})
        named = CODE.search(heard.text)
        if named:
            found = owed.by_code(self.visit, named[0])
            found = found or (owed.by_folio(self.visit, named[0]) if self.folios else None)
            if found is None:
                return Misread(_("No encontré {code}. Revise el código.", code=named[0].upper()))
            return Answer({"id": found.id, "report": found.report_id})
        return self._about(heard.text)

    def load(self, stored: Any) -> Owed:
        found = owed.by_id(self.visit, stored["id"], stored["report"]) if isinstance(stored, dict) else None
        if found is None:
            raise Stale(_("Eso ya no está en el plan."))
        return found

    def _about(self, text: str) -> Reading:
        names = directory(self.visit.connection)
        asked = read(text, names, self.visit.today) if names else None
        known = owed.about(self.visit, asked.scope, self.open_only, PAGE + 1) if isinstance(asked, Asked) else []
        if len(known) == 1:
            return Answer({"id": known[0].id, "report": 0})
        if known and asked != Asked():
            more = _("Estos son los primeros: para otro, escriba también la dependencia o el mes.")
            return Partial({str(one.id): one.code for one in known[:PAGE]}, more if len(known) > PAGE else "")
        return Misread(_("Escriba el código (A04-2022-05), o la actividad con su mes o dependencia (6 agricultura)."))


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the plan, kept as plain numbers: whose obligations are meant. It may have to name an activity."""

    prompt: Say
    visit: Visit
    activity: bool = False

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        names = directory(self.visit.connection)
        asked = read(heard.text, names, self.visit.today) if names else None
        if not isinstance(asked, Asked) or (self.activity and not asked.activity):
            return Misread(_("No lo encontré. Escriba por ejemplo: 6, o: 6 agricultura."))
        return Answer([asked.subcomponent, asked.activity, asked.office])

    def load(self, stored: Any) -> Scope:
        if not isinstance(stored, list) or len(stored) != 3:
            raise Stale("")
        return Asked(*stored).scope


@dataclass(frozen=True, slots=True)
class Sure:
    """A yes or no to something that is only worked out to be read, not when it is answered."""

    told: Callable[[], Say]
    yes: Say
    no: Say = field(default_factory=lambda: _("No, dejarlo como está"))

    def show(self, draft: Any) -> Shown:
        return YesNo(self.told(), self.yes, self.no).show(draft)

    def read(self, heard: Heard, draft: Any) -> Reading:
        return YesNo("", self.yes, self.no).read(heard, draft)

    def load(self, stored: Any) -> bool:
        return YesNo("").load(stored)


def named(one: Owed) -> Say:
    """ "A04-2022-05: 4. Difundir espacio de participación (mayo)"; a report by its folio."""
    duty = titled(one, one.topic, one.office, period_in_words(one.period))
    return _("{code}: {duty}", code=one.folio or one.code, duty=duty)
