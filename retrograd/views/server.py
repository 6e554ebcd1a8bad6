"""Serves the page of one recording on this machine, to whoever has the token."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.answers import Answers
from retrograd.views.page import page

HOST: Final = "127.0.0.1"
PORT: Final = 8737
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # the page's own policy allows what it was built with, and nothing else; this is on top
    "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
_NO_ENTRY: Final = (
    "This address needs the token that `retrograd view` printed: copy the whole address from the "
    "terminal.\n터미널에 표시된 주소를 토큰까지 그대로 복사해 여세요.\n"
)


class Guard:
    """Refuses what does not come from this machine's own page: other hosts, other origins."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and not self.allowed(Request(scope)):
            await PlainTextResponse("refused\n", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def allowed(self, request: Request) -> bool:
        """Return whether the Host is ours and the Origin, where there is one, as well."""
        origin = request.headers.get("origin")
        return request.headers.get("host") in self.hosts and (
            origin is None or origin.removeprefix("http://") in self.hosts
        )


def application(path: str, token: str, port: int) -> ASGIApp:
    """Return the web application for one recording. Nothing but that file is ever read."""

    def entered(given: str) -> bool:
        return secrets.compare_digest(given.encode(), token.encode())

    async def index(request: Request) -> Response:
        if not entered(request.query_params.get("token", "")):
            return PlainTextResponse(_NO_ENTRY, 403, _HEADERS)
        return HTMLResponse(page({"token": token}), headers=_HEADERS)

    async def data(request: Request) -> Response:
        if not entered(request.headers.get("authorization", "").removeprefix("Bearer ")):
            return PlainTextResponse(_NO_ENTRY, 403, _HEADERS)
        try:
            body = await run_in_threadpool(_answer, path, request.path_params["key"])
        except RecordingError as error:
            return PlainTextResponse(str(error), 404, _HEADERS)
        return Response(body, media_type="application/json", headers=_HEADERS)

    return Guard(Starlette(routes=[Route("/", index), Route("/data/{key:path}", data)]), port)


def _answer(path: str, key: str) -> bytes:
    """Open the recording for one answer: it may grow, or vanish, while the page is open."""
    with load(path) as recording:
        return Answers(recording).answer(key)


def serve(path: str, port: int | None, opened: Callable[[str], None]) -> None:
    """Serve a recording until Ctrl-C; ``opened`` is given the address when it is ready.

    Raises ``RecordingError`` where the file is no recording, or an asked-for port is in use.
    """
    with load(path):
        pass
    listener = _listen(port)
    port = int(listener.getsockname()[1])
    token = secrets.token_urlsafe(16)
    app = application(os.path.abspath(path), token, port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    address = f"http://{HOST}:{port}/?token={token}"
    try:
        opened(address)
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has closed everything and passes the signal on
    finally:
        listener.close()


def _listen(port: int | None) -> socket.socket:
    """Return a socket that listens on a port, else on any free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for candidate in (PORT, 0) if port is None else (port, 0):
        try:
            listener.bind((HOST, candidate))
            break
        except OSError:
            continue
    listener.listen(128)
    return listener
