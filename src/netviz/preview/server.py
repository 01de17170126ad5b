"""The dev server: the built site on this machine alone, with pages that follow the essay.

What it serves is what was published, with one script added to each page. That script listens to
`/-/events` (server-sent events) and renews the page whenever the site has changed.
"""

import contextlib
import json
import re
import secrets
import socket
import sys
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import MimeTypes
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from netviz.errors import NetvizError, Place, SiteError

LOOPBACK = "127.0.0.1"
OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
PORTS_TRIED = 20
EVENTS_PATH = "/-/events"
SCRIPT_PATH = "/-/live.js"
SCRIPT_FILE = Path(__file__).with_name("live.js")
RETRY_MILLISECONDS = 500  # after which an open page looks for a server that was started again
HEARTBEAT_SECONDS = 15.0  # how long a connection may lie idle before we ask whether it is there
REQUEST_SECONDS = 10.0  # how long the parts of a request may keep us waiting, each
# Tabs hold few connections each. Of more, one is ended that never asked for anything, or the one
# that has been silent for longest.
MOST_CONNECTIONS = 128
EXCERPT_LINES = 3  # before and after the line of a fault
EXCERPT_LIMIT = 1 << 20  # bytes of the largest file that an excerpt is taken from
NOT_BUILT = (
    b'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    b'<title>Not built yet</title><link rel="icon" href="data:,"></head>'
    b"<body><p>There is no page here yet. It appears as soon as it is built.</p></body></html>\n"
)

# Without the system's own tables, which differ from machine to machine.
KINDS = MimeTypes(filenames=())
for ending, kind in {
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".xml": "application/xml",
}.items():
    KINDS.add_type(kind, ending)


@dataclass(frozen=True)
class Fault:
    """What an open page shows of an error: its message, and the lines it speaks of."""

    message: str
    excerpt: str

    @classmethod
    def of(cls, error: Exception) -> "Fault":
        """Return what to show of `error`; a bug is shown by its last lines."""
        if isinstance(error, NetvizError):
            return cls(str(error), _excerpt(error.place))
        lines = traceback.format_exception(error)
        return cls(f"netviz failed: {error!r}", "".join(lines[-EXCERPT_LINES:]).rstrip())


@dataclass(frozen=True)
class State:
    """What open pages show: the version of the published site, and what stops the next one.

    `number` counts every change of state, so that none is sent twice.
    """

    number: int
    version: str
    fault: Fault | None = None


class Live:
    """The state of the site, which the builder sets and any number of open pages wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        # A page left open since another session must not take this one's versions for its own.
        self._session = secrets.token_hex(4)
        self._state = State(0, f"{self._session}-0")

    @property
    def state(self) -> State:
        with self._changed:
            return self._state

    def built(self) -> None:
        """Tell that a site has been published."""
        number = self.state.number + 1
        self._set(State(number, f"{self._session}-{number}"))

    def failed(self, error: Exception) -> None:
        """Report `error`; the last site stays published."""
        state = self.state
        self._set(State(state.number + 1, state.version, Fault.of(error)))

    def wait(self, known: int, seconds: float) -> State | None:
        """Return the state once it is not that of number `known`; None if that takes longer."""
        with self._changed:
            if self._changed.wait_for(lambda: self._state.number != known, seconds):
                return self._state
            return None

    def _set(self, state: State) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()


class Server(ThreadingHTTPServer):
    """Serves the site in `folder` at `port` of the loopback interface, or at the next free one.

    Use it as a context: it answers, in threads of its own, until the context is left.

    Raises:
        SiteError: no port is free.
    """

    daemon_threads = True
    # On Windows this would let two servers share a port and take turns in answering.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, folder: Path, live: Live, port: int = 8000) -> None:
        self.folder = folder
        self.live = live
        # Of each open connection, whether it ever asked for something, and when last.
        self._heard: dict[socket.socket, tuple[bool, float]] = {}
        self._hearing = threading.Lock()
        super().__init__((LOOPBACK, port), _Handler, bind_and_activate=False)
        self._bind_near(port)
        self.server_activate()

    @property
    def address(self) -> str:
        """Where to point a browser."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Answer a new connection; where there are too many, end the one silent for longest."""
        with self._hearing:
            if len(self._heard) >= MOST_CONNECTIONS:
                oldest = min(self._heard, key=self._heard.__getitem__)
                del self._heard[oldest]
                with contextlib.suppress(OSError):
                    oldest.shutdown(socket.SHUT_RDWR)  # its thread finds out, and closes it
            self._heard[request] = (False, time.monotonic())
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as inherited
        """Close a connection that has ended."""
        with self._hearing:
            self._heard.pop(request, None)
        super().shutdown_request(request)

    def heard(self, request: socket.socket) -> None:
        """Take note that a connection has asked for something."""
        with self._hearing:
            if request in self._heard:
                self._heard[request] = (True, time.monotonic())

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Say nothing of a browser that went away in the middle of an answer."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def _bind_near(self, port: int) -> None:
        for candidate in [port] if port == 0 else range(port, port + PORTS_TRIED):
            self.server_address = (LOOPBACK, candidate)
            try:
                self.server_bind()
            except OSError:
                continue
            return
        self.server_close()
        raise SiteError(
            f"no port from {port} to {port + PORTS_TRIED - 1} is free",
            remedy="Name another one by --port.",
        )


class _Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "netviz"
    sys_version = ""
    timeout = REQUEST_SECONDS
    # Else the second part of a short answer waits until the browser has confirmed the first.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        # A site elsewhere may have its name point at this machine, to read what we serve.
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not OWN_HOST.fullmatch(hosts[0].strip()):
            self._answer(HTTPStatus.FORBIDDEN, b"This server answers to localhost only.\n")
            return
        self.server.heard(self.connection)
        path = unquote(_path_of(self.path))
        if path == EVENTS_PATH:
            self._tell_events()
        elif path == SCRIPT_PATH:
            self._answer(HTTPStatus.OK, SCRIPT_FILE.read_bytes(), "text/javascript")
        else:
            self._answer_file(path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Keep the terminal free for the builds."""

    def _answer_file(self, path: str) -> None:
        # Read before the file: a page must never claim to be newer than it is.
        version = self.server.live.state.version
        file = self._file(path)
        if file is not None and file.is_dir():
            if not path.endswith("/"):
                self._redirect(f"{_path_of(self.path)}/")
                return
            file /= "index.html"
        content = _content(file)
        status = HTTPStatus.OK
        if file is None or content is None:
            file = self.server.folder / "404.html"
            content = _content(file)
            status = HTTPStatus.NOT_FOUND
        if content is None:
            content, status = NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE  # yet
        kind = KINDS.guess_type(file.name)[0] or "application/octet-stream"
        if kind == "text/html":
            content = _with_script(content, version)
        self._answer(status, content, kind)

    def _file(self, path: str) -> Path | None:
        """Return the file or folder that `path` names; None where there is none in the site."""
        root = self.server.folder.resolve()
        try:
            file = (root / path.lstrip("/")).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # also: too long, links in a circle, "\0"
            return None
        return file if file.is_relative_to(root) else None

    def _redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", "/" + path.lstrip("/"))  # "//host" would lead elsewhere
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: HTTPStatus, content: bytes, kind: str = "text/plain") -> None:
        is_text = kind.startswith("text/")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        # A page of another site that shows ours in a frame could lead clicks astray.
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _tell_events(self) -> None:
        """Tell the state now and whenever it changes, for as long as someone listens."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        known = -1
        while True:
            state = self.server.live.wait(known, HEARTBEAT_SECONDS)
            self.server.heard(self.connection)
            if state is None:
                self.wfile.write(b":\n\n")
                continue
            known = state.number
            message = {"version": state.version, "fault": state.fault and asdict(state.fault)}
            self.wfile.write(f"event: state\ndata: {json.dumps(message)}\n\n".encode())


def _path_of(address: str) -> str:
    """Return the path that a request asks for; one that cannot be read names nothing."""
    try:
        return urlsplit(address).path
    except ValueError:  # as of "//["
        return "/\0"


def _content(file: Path | None) -> bytes | None:
    try:
        return file.read_bytes() if file is not None else None
    except OSError:
        return None


def _with_script(page: bytes, version: str) -> bytes:
    script = f'<script src="{SCRIPT_PATH}" data-version="{version}" defer></script>'.encode()
    head, end, rest = page.partition(b"</head>")
    return head + script + end + rest if end else page + script


def _excerpt(place: Place | None) -> str:
    """Return the lines around `place`, numbered, the line itself marked."""
    if place is None or place.line is None:
        return ""
    file = Path(place.file)
    try:
        if file.stat().st_size > EXCERPT_LIMIT:
            return ""
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    first = max(1, place.line - EXCERPT_LINES)
    last = min(len(lines), place.line + EXCERPT_LINES)
    return "\n".join(
        f"{'>' if number == place.line else ' '} {number:4}  {lines[number - 1]}"
        for number in range(first, last + 1)
    )
