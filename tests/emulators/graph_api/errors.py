"""The errors of the Cloud API, as it answers them and as a failed status tells them."""

from __future__ import annotations

from typing import Any

from tests.emulators.shared.faults import Refusal

NO_OBJECT = 33  # the subcode of 100 where an id stands for nothing
# Code: HTTP status, title, details. Programs should look at the code: the platform is not exact about the status.
_KNOWN = {
    2: (503, "API Service", "Temporary due to downtime or due to being overloaded."),
    100: (400, "Invalid parameter", ""),
    190: (401, "Access token has expired", "Your access token has expired."),
    130429: (400, "Rate limit hit", "Cloud API message throughput has been reached."),
    131000: (500, "Something went wrong", "Message failed to send due to an unknown error."),
    131009: (400, "Parameter value is not valid", ""),
    131026: (400, "Message undeliverable", "Unable to deliver message."),
    131047: (400, "Re-engagement message", "More than 24 hours have passed since the recipient last replied."),
    131050: (400, "User has stopped marketing messages", "The recipient chose not to receive marketing messages."),
    131051: (400, "Message type unknown", "Message type is currently not supported."),
    131052: (404, "Media download error", "The media cannot be downloaded (any more)."),
    131053: (400, "Media upload error", ""),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages to one recipient."),
    132000: (400, "Number of parameters does not match the expected number of params", ""),
    132001: (404, "Template name does not exist in the translation", ""),
    132015: (400, "Template is Paused", "The template is paused due to low quality."),
    132016: (400, "Template is Disabled", "The template was paused too many times."),
    132018: (400, "Invalid template parameters", ""),
}


class GraphError(Refusal):
    """An answer that is not ok. `noted`: the caller broke a rule it could have kept."""

    def __init__(self, code: int, details: str = "", *, status: int = 0, subcode: int = 0, noted: bool = False) -> None:
        usual, self.title, told = _KNOWN.get(code, (400, f"Error {code}", ""))
        self.subcode = subcode
        self.code, self.details, self.status, self.noted = code, details or told, status or usual, noted
        super().__init__(f"{code} {self.title}: {self.details}")

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        more: dict[str, Any] = {"error_data": {"messaging_product": "whatsapp", "details": self.details}}
        told, kind = f"(#{self.code}) {self.title}", "OAuthException"
        if self.subcode == NO_OBJECT:  # told by the Graph API itself, which knows no details
            more, told, kind = {"error_subcode": self.subcode}, self.details, "GraphMethodException"
        trace = f"A{self.code}emulated"
        return {"error": {"message": told, "type": kind, "code": self.code, **more, "fbtrace_id": trace}}

    def told(self) -> dict[str, Any]:
        """As it stands in a failed status."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }
