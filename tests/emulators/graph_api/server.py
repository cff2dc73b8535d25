"""The Graph API over HTTP: read a call, check it, let planned faults happen, carry it out, answer."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from tests.emulators.graph_api import messages
from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.errors import NO_OBJECT, GraphError
from tests.emulators.graph_api.faults import NONE, Failed, Fault
from tests.emulators.graph_api.platform import Platform
from tests.emulators.shared import connections
from tests.emulators.shared.files import Stored

MOST_BODY = 128 << 20  # bytes
PAGE = 25  # templates

Perform = Callable[[web.Request, Raw, Fault], Awaitable[Raw]]


class Server:
    """The routes of the Graph API. An object is named by its id: the number, the account, or a file."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def application(self) -> web.Application:
        """The routes; the page adds its own."""
        application = web.Application(client_max_size=MOST_BODY)
        add, root = application.router.add_route, r"/{version:v\d+\.\d+}/{id}"
        add("POST", f"{root}/messages", partial(self.call, "messages", self.messages))
        add("POST", f"{root}/media", partial(self.call, "upload", self.upload))
        add("GET", f"{root}/message_templates", partial(self.call, "templates", self.templates))
        add("POST", f"{root}/message_templates", partial(self.call, "templates", self.create_template))
        add("DELETE", f"{root}/message_templates", partial(self.call, "templates", self.delete_template))
        add("POST", f"{root}/subscribed_apps", partial(self.call, "subscribe", self.subscribe))
        add("GET", root, self.get)
        add("DELETE", root, partial(self.call, "media", self.delete_media))
        add("GET", "/whatsapp_business/attachments/", self.download)
        return application

    async def call(self, method: str, perform: Perform, request: web.Request) -> web.StreamResponse:
        """One call."""
        platform, params, fault, code = self.platform, Raw(), NONE, 0
        status, answer = 200, Raw()
        try:
            self._check_caller(request)
            params = await _parameters(request)
            if method == "messages":
                messages.check(platform, params)
                method = "read" if "status" in params else method
            fault = platform.faults.next(method, *messages.chats(params))
            if fault.cut == 0:
                return self._cut(request, method, params)
            if fault.error:
                raise fault.error
            answer = await perform(request, params, fault)
        except GraphError as error:
            status, code, answer = error.status, error.code, error.answer()
            if error.noted:
                platform.invalid.append(f"{method}: {error.title}: {error.details}")
        if fault.cut:
            return self._cut(request, method, params)
        platform.note(method, " ".join(messages.chats(params)), status, params, code)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        return web.json_response(answer, status=status)

    async def messages(self, request: web.Request, params: Raw, fault: Fault) -> Raw:
        """Send a message, or say that one was read."""
        self._check_id(request, self.platform.phone)
        if "status" in params:
            return messages.read(self.platform, params)
        later = fault.later if isinstance(fault, Failed) else None
        return messages.accept(self.platform, params, later)

    async def upload(self, request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """Keep a file that the bot will send."""
        self._check_id(request, self.platform.phone)
        file = params.get("file")
        if params.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            raise GraphError(100, "messaging_product or file is missing", noted=True)
        mime = file.content_type or str(params.get("type", ""))
        return {"id": self.platform.media.upload(file.file.read(), file.filename, mime).id}

    async def templates(self, request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """A page of the templates."""
        self._check_id(request, self.platform.account)
        url = request.url.without_query_params("after")
        url = url if url.query else url.with_query(limit=PAGE)
        limit, after = int(params.get("limit", PAGE)), params.get("after", "")
        return self.platform.templates.page(limit, after, params.get("fields", ""), str(url))

    async def create_template(self, request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """Hand in a template."""
        self._check_id(request, self.platform.account)
        return self.platform.templates.create(params)

    async def delete_template(self, request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """Delete a template in all languages."""
        self._check_id(request, self.platform.account)
        return self.platform.templates.delete(str(params.get("name", "")))

    async def subscribe(self, request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """Have the account's events posted, perhaps to an address of its own."""
        self._check_id(request, self.platform.account)
        if url := params.get("override_callback_uri"):
            await self.platform.delivery.register(url, params.get("verify_token", ""))
        return {"success": True}

    async def get(self, request: web.Request) -> web.StreamResponse:
        """What an id stands for: the number, or a file and where it is."""
        is_number = request.match_info["id"] == self.platform.phone
        if is_number:
            return await self.call("phone", self.number, request)
        return await self.call("media", self.media, request)

    async def number(self, _request: web.Request, params: Raw, _fault: Fault) -> Raw:
        """The fields asked for of the number."""
        wanted = params.get("fields", "display_phone_number,verified_name,quality_rating").split(",")
        info = self.platform.info
        if unknown := [name for name in wanted if name not in info]:
            raise GraphError(100, f"Tried accessing nonexisting field ({', '.join(unknown)})", noted=True)
        return {name: info[name] for name in [*wanted, "id"]}

    async def media(self, request: web.Request, _params: Raw, _fault: Fault) -> Raw:
        """Where a file is, for five minutes."""
        return self.platform.media.link(request.match_info["id"], str(request.url.origin()))

    async def delete_media(self, request: web.Request, _params: Raw, _fault: Fault) -> Raw:
        """Forget a file."""
        self.platform.media.forget(self.platform.media.found(request.match_info["id"]).id)
        return {"success": True}

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, at the address that was told."""
        return await connections.download(request, self._linked, self.platform.faults, self.platform.counts)

    def _linked(self, request: web.Request) -> Stored:
        self._check_token(request)
        return self.platform.media.at(request.query.get("hash", ""))

    def _check_caller(self, request: web.Request) -> None:
        self._check_token(request)
        if request.match_info["version"] != self.platform.version:
            told = f"version {request.match_info['version']} instead of {self.platform.version}"
            raise GraphError(2635, told, noted=True)

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.platform.token}".encode()):
            raise GraphError(190)

    def _check_id(self, request: web.Request, wanted: str) -> None:
        if (given := request.match_info["id"]) != wanted:
            told = f"Unsupported request. Object with ID '{given}' does not exist"
            raise GraphError(100, told, subcode=NO_OBJECT, noted=True)

    def _cut(self, request: web.Request, method: str, params: Raw) -> web.StreamResponse:
        self.platform.note(method, " ".join(messages.chats(params)), 0, params)
        return connections.cut_off(request)


async def _parameters(request: web.Request) -> Raw:
    given: Raw = dict(request.query)
    if request.content_type == "multipart/form-data":
        return given | dict((await request.post()).items())
    try:
        body: Any = json.loads(await request.read() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GraphError(100, "the body is not a JSON object", noted=True)
    return given | body
