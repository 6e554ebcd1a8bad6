"""Serves the page of one recording on this machine, to whoever has the token."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.export import LARGEST, export
from retrograd.views.judge import Ended
from retrograd.views.page import page
from retrograd.views.recording_file import RecordingFile, Vanished

HOST: Final = "127.0.0.1"
PORT: Final = 8737
_LOOK: Final = 0.5
"""Seconds between two looks at a file that is still being written."""
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


def application(
    file: RecordingFile, token: str, port: int, ending: Callable[[], bool] = lambda: False
) -> ASGIApp:
    """Return the web application for one recording. Nothing but that file is ever read.

    ``ending`` says when streams have to end because the server does.
    """

    def refused(request: Request) -> Response | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if _same(given, token) else PlainTextResponse(_NO_ENTRY, 403, _HEADERS)

    async def index(request: Request) -> Response:
        if not _same(request.query_params.get("token", ""), token):
            return PlainTextResponse(_NO_ENTRY, 403, _HEADERS)
        file.expect()
        return HTMLResponse(page({"token": token, "step": file.opening}), headers=_HEADERS)

    async def data(request: Request) -> Response:
        if refusal := refused(request):
            return refusal
        try:
            body = await run_in_threadpool(file.answer, request.path_params["key"])
        except Vanished as error:
            return PlainTextResponse(str(error), 410, _HEADERS)
        except Ended:
            return Response(None, 204, _HEADERS)  # nobody waits for it any more
        except RecordingError as error:
            if "try" in request.query_params:  # whoever only tries gets no error in the console
                return Response(None, 204, _HEADERS)
            return PlainTextResponse(str(error), 404, _HEADERS)
        return Response(body, media_type="application/json", headers=_HEADERS)

    async def live(request: Request) -> Response:
        events = _changes(file, ending)
        return refused(request) or StreamingResponse(events, 200, _HEADERS, "text/event-stream")

    async def exported(request: Request) -> Response:
        if refusal := refused(request):
            return refusal
        try:
            html = await run_in_threadpool(_export, file.path)
        except RecordingError as error:
            return PlainTextResponse(str(error), 404, _HEADERS)
        return HTMLResponse(html, headers=_HEADERS)

    routes = [
        Route("/", index),
        Route("/data/{key:path}", data),
        Route("/live", live),
        Route("/export", exported),
    ]
    return Guard(Starlette(routes=routes), port)


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


async def _changes(file: RecordingFile, ending: Callable[[], bool]) -> AsyncIterator[str]:
    """Yield a server-sent event when the file has changed, until its run is over."""
    known = None
    while not ending():
        found = await run_in_threadpool(file.pulse)
        if found != known:
            yield "data: changed\n\n"
        if not found[1]:
            return
        known = found
        await asyncio.sleep(_LOOK)


def _export(path: str) -> str:
    """Export from a connection of its own, so that other answers need not wait."""
    with load(path) as recording:
        return export(recording, None, LARGEST).html


def serve(path: str, port: int | None, opened: Callable[[str], None]) -> None:
    """Serve a recording until Ctrl-C; ``opened`` is given the address when it is ready.

    Raises ``RecordingError`` where the file is no recording, or an asked-for port is in use.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)  # half of the time for large answers went into collecting
    file = RecordingFile(path)
    listener = _listen(port)
    port = int(listener.getsockname()[1])
    token = secrets.token_urlsafe(16)
    app = application(file, token, port, lambda: server.should_exit)
    file.judge.ending = lambda: server.should_exit
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2))
    address = f"http://{HOST}:{port}/?token={token}"
    try:
        opened(address)
        threading.Thread(target=file.prepare, name="prepare", daemon=True).start()
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # uvicorn has closed everything and passes the signal on
    finally:
        listener.close()
        file.close()


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
