"""The kinds of question. Each can be answered by button, number, label or synonym."""

from conversation.questions.ahead import Ahead
from conversation.questions.base import Amend, Answer, Misread, Partial, Question, Reading, Shown, Stale
from conversation.questions.choices import Option, Pick, YesNo
from conversation.questions.files import Files
from conversation.questions.hours import Hours, Maybe, Several
from conversation.questions.values import Count, Date, Place, Spot, Words

__all__ = [
    "Ahead",
    "Amend",
    "Answer",
    "Count",
    "Date",
    "Files",
    "Hours",
    "Maybe",
    "Misread",
    "Option",
    "Partial",
    "Pick",
    "Place",
    "Question",
    "Reading",
    "Several",
    "Shown",
    "Spot",
    "Stale",
    "Words",
    "YesNo",
]
