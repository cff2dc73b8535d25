"""Everything people can say here, and how a text finds the conversation it means."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from conversation.messages import Choice
from conversation.understanding import best, fold
from handlers.auditor import as_of, finding, rating, sample, who
from handlers.base import Conversation, link
from handlers.citizen import (
    ask_question,
    attend,
    come,
    follow_up,
    promises,
    propose,
    status,
    subscribed,
    subscribing,
    survey,
)
from handlers.citizen.subjects import PAYLOAD
from handlers.coordinator import (
    activity,
    admission,
    answer_questions,
    calls,
    close,
    comment,
    conclude,
    data_requests,
    decision,
    downloads,
    due_soon,
    event_approval,
    filed,
    hand_out,
    invite,
    lead,
    missing,
    one_report,
    overdue,
    proof,
    proposals,
    reading,
    remind,
    reopen,
    replace,
    review,
    review_batch,
    review_undo,
    show_code,
    stand_in,
    summary,
    summary_time,
    topics,
    undecided,
    waive,
    withhold,
)
from handlers.everyone import enrolment, event, help, language, linking, my_data, opting, poster, welcome
from handlers.officer import (
    absence,
    almost,
    back,
    blocked,
    correction,
    event_change,
    hours,
    late,
    leaving,
    not_mine,
    pending,
    report,
    unblock,
    undo,
)
from models.visit import Visit

REPORT = report.REPORT
WELCOME = welcome.WELCOME
# What may be answered where others read along.
PUBLIC = (
    status.STATUS,
    overdue.OVERDUE,
    due_soon.DUE_SOON,
    missing.MISSING,
    activity.ACTIVITY,
    follow_up.FOLLOW_UP,
    event.EVENTS,
    promises.PROMISES,
    help.HELP,
)

FINER = (overdue.OVERDUE, due_soon.DUE_SOON, missing.MISSING, activity.ACTIVITY, as_of.AS_OF)

CONVERSATIONS: tuple[Conversation, ...] = (
    REPORT,
    pending.PENDING,
    status.STATUS,
    overdue.OVERDUE,
    due_soon.DUE_SOON,
    missing.MISSING,
    activity.ACTIVITY,
    filed.FILED,
    one_report.ONE_REPORT,
    proof.PROOF,
    withhold.HIDE,
    withhold.SHOW,
    summary_time.SUMMARY_TIME,
    summary.SUMMARY,
    hand_out.HAND_OUT,
    downloads.DOWNLOADS,
    correction.CORRECT,
    undo.UNDO,
    almost.ALMOST,
    late.LATE,
    blocked.BLOCKED,
    unblock.UNBLOCK,
    not_mine.NOT_MINE,
    absence.ABSENCE,
    back.BACK,
    hours.HOURS,
    review.REVIEW,
    review_batch.VERIFY_ALL,
    review_undo.REVERT,
    undecided.UNDECIDED,
    decision.DECIDE,
    stand_in.STAND_IN,
    calls.CALLS,
    remind.REMIND,
    remind.UNREMIND,
    invite.INVITE,
    invite.CANCEL,
    lead.LEAD,
    replace.REPLACE,
    replace.FINISH,
    waive.WAIVE,
    waive.RESTORE,
    reading.READING,
    topics.TOPICS,
    comment.COMMENT,
    comment.TAKE_BACK,
    close.CLOSE,
    reopen.REOPEN,
    as_of.AS_OF,
    who.WHO,
    sample.SAMPLE,
    rating.RATE,
    finding.FINDING,
    finding.FINDINGS,
    subscribing.SUBSCRIBE,
    subscribed.SUBSCRIBED,
    event.EVENTS,
    event.EVENT,
    come.COME,
    come.STAY,
    ask_question.ASK_QUESTION,
    ask_question.MY_QUESTIONS,
    propose.PROPOSE,
    proposals.PROPOSED,
    proposals.DECIDE_TOPIC,
    attend.ATTEND,
    survey.SURVEY,
    promises.PROMISES,
    conclude.CONCLUDE,
    conclude.APPROVE_CONCLUSIONS,
    conclude.DECLINE_CONCLUSIONS,
    show_code.SHOW_CODE,
    answer_questions.QUESTIONS,
    answer_questions.ANSWER_QUESTION,
    poster.POSTER,
    event_change.CHANGE_EVENT,
    event_change.CANCEL_EVENT,
    event_approval.WAITING_EVENTS,
    event_approval.APPROVE_EVENT,
    event_approval.DECLINE_EVENT,
    help.HELP,
    language.LANGUAGE,
    linking.LINK,
    linking.UNLINK,
    my_data.MY_DATA,
    opting.STOP,
    opting.RESUME,
    WELCOME,
    enrolment.ENROL,
    leaving.LEAVE,
    data_requests.DATA_REQUESTS,
    admission.WAITING,
    admission.ADMIT,
    admission.REFUSE,
    # What only adds to a question is understood where nothing else is.
    follow_up.FOLLOW_UP,
)
BY_NAME = {conversation.name: conversation for conversation in CONVERSATIONS}
COMMANDS = {"/" + fold(conversation.command): conversation for conversation in CONVERSATIONS}


def command(text: str) -> tuple[Conversation | None, str]:
    """The conversation behind "/orden resto", accents, case and "/orden@bot" forgiven, and the rest."""
    word, _, argument = text.partition(" ")
    name = "/" + fold(word.partition("@")[0])
    argument = argument.strip()
    if name == "/start":
        return opened(argument) if argument else (WELCOME, "")
    return COMMANDS.get(name), argument


def opened(payload: str) -> tuple[Conversation, str]:
    """The conversation behind a link: an event, being at it, something to subscribe to, or else an invitation."""
    if PAYLOAD.fullmatch(payload):
        return subscribing.SUBSCRIBE, payload
    if attend.PAYLOAD.fullmatch(payload):
        return attend.ATTEND, payload
    if payload.startswith("e_") and event.KEY.fullmatch(payload):
        return event.EVENT, payload
    return enrolment.ENROL, payload


def exactly(text: str, visit: Visit, talking: bool = True) -> tuple[Conversation | None, str]:
    """The conversation that plain words ask for without doubt, with its argument: word for word, or as it understands.

    Only those open to the person are looked at; where a question is open, not those that are `idle` then.
    """
    typed, offered = fold(text), [c for c in CONVERSATIONS if c.open_to(visit)]
    named = ((entry, "") for entry in offered if typed in map(fold, entry.phrases))
    understood = ((entry, entry.understands(text)) for entry in offered if entry.understands)
    for entry, argument in chain(named, understood):
        if argument is not None and not (talking and entry.idle(visit)):
            return entry, argument
    return None, ""


def meant(text: str, visit: Visit) -> tuple[Conversation | None, str]:
    """The conversation the words most likely ask for, among those open to the person, with its argument."""
    entry, argument = exactly(text, visit, talking=False)
    if entry:
        return entry, argument
    found = best(text, {c.name: c.phrases for c in CONVERSATIONS if c.phrases and c.open_to(visit)})
    return (BY_NAME[found[0]] if len(found) == 1 else None), ""


def listed(offered: Iterable[Conversation]) -> list[Conversation]:
    """What help and menus show of these: what most people come for before the finer questions about the plan."""
    return sorted((entry for entry in offered if not entry.hidden), key=lambda entry: entry in FINER)


def menu(visit: Visit) -> tuple[Choice, ...]:
    """Buttons for the main things this person can do."""
    shown = (REPORT, pending.PENDING, review.REVIEW, undecided.UNDECIDED, admission.WAITING, status.STATUS,
             event.EVENTS, subscribing.SUBSCRIBE, help.HELP)  # fmt: skip
    return tuple(link(c) for c in shown if c.open_to(visit) and (visit.who.consented or not c.consent))
