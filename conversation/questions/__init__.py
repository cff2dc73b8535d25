"""The kinds of question. Each can be answered by button, number, label or synonym."""

from conversation.questions.base import Answer, Misread, Partial, Question, Reading, Stale
from conversation.questions.choices import Option, Pick, YesNo
from conversation.questions.files import Files
from conversation.questions.values import Count, Date, Place, Spot, Words

__all__ = [
    "Answer",
    "Count",
    "Date",
    "Files",
    "Misread",
    "Option",
    "Partial",
    "Pick",
    "Place",
    "Question",
    "Reading",
    "Spot",
    "Stale",
    "Words",
    "YesNo",
]
