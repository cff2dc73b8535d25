"""The Bot API over HTTP: read a call, check it, let planned faults happen, carry it out, answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.emulators.bot_api import methods, rules, schema
from tests.emulators.bot_api.chats import Raw
from tests.emulators.bot_api.faults import NONE, ApiError
from tests.emulators.bot_api.platform import MOST_UPLOADED_LOCALLY, Platform
from tests.emulators.bot_api.schema import Upload
from tests.emulators.shared import connections
from tests.emulators.shared.files import Stored

_OWN = {"getupdates", "setwebhook", "deletewebhook"}  # methods that wait, so they are here


class Server:
    """The routes of the Bot API."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.schema = platform, schema.load()
        platform.called = self.called

    def application(self) -> web.Application:
        """The routes; the page adds its own."""
        application = web.Application(client_max_size=MOST_UPLOADED_LOCALLY)
        application.router.add_route("*", "/bot{token}/{method}", self.call)
        application.router.add_get("/file/bot{token}/{path:.+}", self.download)
        return application

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        method, params, fault = request.match_info["method"], Raw(), NONE
        status, answer = 200, Raw()
        try:
            self._check_token(request)
            params = await self._parameters(request, method)
            chat = _chat(params)
            self._check(method, params)
            fault = self.platform.faults.next(method.lower(), chat)
            if fault.cut == 0:
                return self._cut(request, method, params)
            if fault.error:
                raise fault.error
            self._limit(method, chat)
            answer = {"ok": True, "result": await self._perform(method, params)}
        except ApiError as error:
            status, answer = error.status, error.answer()
        if fault.cut:
            return self._cut(request, method, params)
        self.platform.note(method, _chat(params), status, params)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        return web.json_response(answer, status=status)

    async def called(self, params: Raw) -> None:
        """One call in the answer to an update: done like any other, but nobody hears what became of it."""
        method, status = str(params.pop("method", "")), 200
        try:
            self._check(method, params)
            await self._perform(method, params)
        except ApiError as error:
            status = error.status
        self.platform.note(method, _chat(params), status, params)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, by the link that getFile gave."""
        return await connections.download(request, self._linked, self.platform.faults, self.platform.counts)

    def _linked(self, request: web.Request) -> Stored:
        self._check_token(request)
        return self.platform.files.at(request.match_info["path"])

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self.platform.token:
            raise ApiError(401, "Unauthorized")

    async def _parameters(self, request: web.Request, method: str) -> Raw:
        given: Raw = dict(request.query)
        if request.content_type == "application/json":
            body = await request.read()
            try:
                given |= json.loads(body or b"{}")
            except (ValueError, TypeError):
                raise self._invalid(method, ["the body is not a JSON object"]) from None
            texts = {name for name in given if name in request.query or _is_object(given[name])}
            return given | self.schema.read(method, {name: given[name] for name in texts})
        for name, value in (await request.post()).items():
            given[name] = _upload(value) if isinstance(value, web.FileField) else value
        return self.schema.read(method, given)

    def _check(self, method: str, params: Raw) -> None:
        known = self.schema.name(method)
        if not known or known.lower() not in _OWN | methods.METHODS.keys():
            told = "there is no such method" if not known else "the emulator does not have this method"
            self.platform.invalid.append(f"{method}: {told}")
            raise ApiError(404, f"Not Found: {told}")
        problems = [] if known == method else [f"the method is spelt {known}"]
        problems += self.schema.problems(method, params)
        try:
            problems = problems or rules.broken(method, params, local=bool(self.platform.files.local))
        except (KeyError, TypeError, AttributeError) as error:  # only where types could not be checked
            problems = [f"{type(error).__name__} {error}"]
        if problems:
            raise self._invalid(method, problems)

    def _invalid(self, method: str, problems: list[str]) -> ApiError:
        told = "; ".join(dict.fromkeys(problems))
        self.platform.invalid.append(f"{method}: {told}")
        return ApiError(400, f"Bad Request: {told}")

    def _limit(self, method: str, chat: int | None) -> None:
        counted = method.lower().startswith(("send", "edit")) and method.lower() != "sendchataction"
        if counted and chat is not None and (wait := self.platform.limits.retry_after(chat)):
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    async def _perform(self, method: str, params: Raw) -> Any:
        platform = self.platform
        if method.lower() not in _OWN:
            return methods.perform(platform, method, params)
        if "allowed_updates" in params:
            platform.updates.allowed = params["allowed_updates"]
        if method.lower() == "getupdates":
            if platform.webhook:
                raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
            wanted = params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
            return await platform.updates.poll(*wanted)
        if params.get("drop_pending_updates"):
            platform.updates.pending.clear()
        hooked = params.get("url", ""), params.get("secret_token", ""), params.get("max_connections", 40)
        await platform.hook(*hooked)
        return True

    def _cut(self, request: web.Request, method: str, params: Raw) -> web.StreamResponse:
        self.platform.note(method, _chat(params), 0, params)
        return connections.cut_off(request)


def _chat(params: Raw) -> int | None:
    chat = params.get("chat_id")
    return chat if isinstance(chat, int) else None


def _is_object(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in {"{", "["}


def _upload(field: web.FileField) -> Upload:
    return Upload(field.filename, field.content_type or "application/octet-stream", field.file.read())
