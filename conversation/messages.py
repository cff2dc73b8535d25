"""What comes in and what goes out, in one form for every channel. No channel, no database, no plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from conversation.texts import SOURCE, Language, Say

AttachmentKind = Literal["photo", "document", "voice", "audio", "video", "link", "place"]
Wants = Literal["", "text", "number", "date", "file", "place"]
# Problems that leave a place in the list: the file is on its way; it did not come and must be sent again.
PENDING, LOST = "pending", "lost"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, link or place that came with a message.

    ref       SHA-256 of bytes already in the vault; where they are still on a platform: "telegram:" and its number
              for the file; the address of a link; "lat,lng" of a place
    problem   why the edge would not take it (a key of `questions.files.PROBLEMS`), "" if it is fine; PENDING while its
              bytes are still on the way, LOST where they never came
    details   what inspection found, JSON: width, height, taken_at, has_gps, exif_stripped, pages; of a platform
              "message" (its number for the message) and "recompressed"
    """

    kind: AttachmentKind
    ref: str
    name: str = ""
    mime: str = ""
    size: int = 0
    problem: str = ""
    details: dict[str, Any] | None = None

    @property
    def refused(self) -> bool:
        """Whether it will never be evidence: neither here nor on its way."""
        return self.problem not in ("", PENDING)

    def stored(self) -> dict[str, Any]:
        """The attachment as JSON, the way answers keep it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of one person, whatever the channel.

    message_id  unique per channel and address: the same one is taken once, however often it comes
    sent_at     when the person's device says it was written; received_at: when it reached us
    tap         what the pressed button carries, "" for typed messages
    album       what the messages of one album have in common, "" for single ones
    private     whether nobody but the person reads the answer; nothing personal is shown where this is false
    number      what the platform calls the message in its chat, "" where it has no edits or replies
    reply_to    the `number` of the message this one replies to, "" for none
    edited      the message came before and says this now
    """

    channel: str
    address: str
    message_id: str
    sent_at: datetime
    received_at: datetime
    text: str = ""
    tap: str = ""
    attachments: tuple[Attachment, ...] = ()
    language: str = "es"
    album: str = ""
    private: bool = True
    number: str = ""
    reply_to: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The part of a message a question reads. `choice` is the key of the pressed button, `today` the local date.

    `language` is the one the person sees labels in, and may type them in. `number`: the message's, as in Inbound.
    """

    text: str
    choice: str
    attachments: tuple[Attachment, ...]
    today: date
    language: Language = SOURCE
    number: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says and the key it stands for."""

    key: str
    label: Say


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be drawn when it is shown: which drawing, its figures as JSON, words for who cannot see it."""

    drawing: str
    figures: dict[str, Any]
    alt: Say


@dataclass(frozen=True, slots=True)
class Document:
    """A file that lies ready to be handed out, by the SHA-256 of its bytes; `size` in bytes.

    caption  what it is, in a line, for a channel that shows it apart from the text
    """

    name: str
    mime: str
    sha256: str
    size: int
    caption: Say


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to one person. `choices` belong to a question; `links` are buttons that say a command."""

    text: Say
    choices: tuple[Choice, ...] = ()
    links: tuple[Choice, ...] = ()
    picture: Picture | None = None
    wants: Wants = ""
    document: Document | None = None
