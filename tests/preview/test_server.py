"""The dev server: who is answered, what is served, and what open pages are told."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netviz.errors import EssayError, EssayGroupError, Place, SiteError
from netviz.preview import server as server_module
from netviz.preview.server import EVENTS_PATH, SCRIPT_PATH, Live, Server

PAGE = "<!doctype html><html><head><title>T</title></head><body>é</body></html>"


@pytest.fixture
def live() -> Live:
    return Live()


@pytest.fixture
def served(tmp_path: Path, live: Live) -> Iterator[Server]:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_text(PAGE, encoding="utf-8")
    (site / "404.html").write_text("<head></head>lost")
    (site / "assets" / "index.html").write_text("inner")
    (site / "assets" / "a.webp").write_bytes(b"webp")
    (tmp_path / "secret").write_text("secret")
    (site / "link").symlink_to(tmp_path / "secret")
    with Server(site, live, port=0) as server:
        yield server


Answer = tuple[http.client.HTTPResponse, str]


def ask(server: Server, path: str, host: str = "localhost", method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host.replace("PORT", str(server.server_port)))
    connection.endheaders()
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


def test_a_page_is_served_whole_with_the_script_that_keeps_it_fresh(served: Server) -> None:
    response, text = ask(served, "/")
    version = served.live.state.version
    added = f'<script src="/-/live.js" data-version="{version}" defer></script>'
    assert text == PAGE.replace("</head>", f"{added}</head>")
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert response.getheader("Cache-Control") == "no-store"


def test_other_files_are_served_as_they_are(served: Server) -> None:
    response, text = ask(served, "/assets/a.webp?v=1")
    assert (response.getheader("Content-Type"), text) == ("image/webp", "webp")
    assert "EventSource" in ask(served, SCRIPT_PATH)[1]


def test_a_head_request_has_no_body(served: Server) -> None:
    response, text = ask(served, "/", method="HEAD")
    assert int(response.getheader("Content-Length", "0")) > 0
    assert text == ""


def test_a_folder_is_led_to_its_page(served: Server) -> None:
    response, _ = ask(served, "/assets")
    assert (response.status, response.getheader("Location")) == (301, "/assets/")
    assert "inner" in ask(served, "/assets/")[1]


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "[::1]"]
)
def test_this_machine_is_answered(host: str, served: Server) -> None:
    assert ask(served, "/", host)[0].status == 200


@pytest.mark.parametrize("path", ["/", EVENTS_PATH, SCRIPT_PATH])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:PORT",
        "localhost.evil.example",
        "192.168.1.2",
        "",
        "[::2]",
        "[::1]evil.example",
        "[::1",
        "127.0.0.1:1@evil.example",
        "localhost:",
        "localhost:80:80",
        "localhost:\xb2",
    ],
)
def test_a_foreign_name_is_refused(host: str, path: str, served: Server) -> None:
    """A page elsewhere whose name was pointed at this machine learns nothing."""
    response, text = ask(served, path, host)
    assert response.status == 403
    assert "é" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/assets/../../secret",
        "/..%2fsecret",
        "/link",
        "//etc/passwd",
        "/%00",
        "/" + "a" * 5000,
        "/nothing",
    ],
)
def test_nothing_outside_the_site_is_served(path: str, served: Server) -> None:
    response, text = ask(served, path)
    assert response.status == 404
    assert "lost" in text
    assert "secret" not in text


def test_before_the_first_build_a_page_waits_for_it(tmp_path: Path, live: Live) -> None:
    with Server(tmp_path / "site", live, port=0) as server:
        response, text = ask(server, "/")
    assert response.status == 503
    assert "appears as soon as it is built" in text
    assert SCRIPT_PATH in text


def test_no_page_may_show_ours_in_a_frame(served: Server) -> None:
    for path in ("/", "/nothing", SCRIPT_PATH):
        response, _ = ask(served, path)
        assert response.getheader("X-Frame-Options") == "DENY"
        assert response.getheader("Content-Security-Policy") == "frame-ancestors 'none'"


def test_a_request_with_two_names_is_refused(served: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.server_port, timeout=10)
    connection.putrequest("GET", "/", skip_host=True)
    for host in ("localhost", "localhost"):
        connection.putheader("Host", host)
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_request_that_does_not_end_is_given_up(
    begun: bytes, served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module._Handler, "timeout", 0.2)
    with socket.create_connection(("127.0.0.1", served.server_port), timeout=10) as connection:
        connection.sendall(begun)
        assert connection.recv(1) == b""


@pytest.mark.slow
def test_however_many_connections_are_open_a_page_is_answered(
    served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "MOST_CONNECTIONS", 8)
    listener = Listener(served)
    listener.next()
    idle = []
    for _ in range(40):
        idle.append(socket.create_connection(("127.0.0.1", served.server_port), timeout=10))
        idle[-1].sendall(b"GET / HTTP/1.1\r\n")
    assert ask(served, "/")[0].status == 200
    assert len(served._heard) <= 8
    ended = [connection for connection in idle if is_ended(connection)]
    assert len(ended) >= 40 - 8
    served.live.built()  # who listens was not sent away for those who ask for nothing
    assert listener.next()["fault"] is None
    for connection in idle:
        connection.close()
    listener.connection.close()


def is_ended(connection: socket.socket) -> bool:
    connection.settimeout(0.2)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_port_in_use_gives_way_to_the_next(
    served: Server, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(served.folder, live, served.server_port) as other:
        assert other.server_port != served.server_port
        assert other.address == f"http://127.0.0.1:{other.server_port}/"
    monkeypatch.setattr(server_module, "PORTS_TRIED", 1)
    with pytest.raises(SiteError, match="no port from"):
        Server(served.folder, live, served.server_port)


class Listener:
    """An open page, without the page."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        self.connection.request("GET", EVENTS_PATH)
        self.response = self.connection.getresponse()

    def next(self) -> dict[str, Any]:
        while True:
            line = self.response.readline()
            assert line, "the server hung up"
            if line.startswith(b"data: "):
                told: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return told


def test_every_open_page_is_told_of_a_new_site(served: Server, live: Live) -> None:
    listeners = [Listener(served), Listener(served)]
    first = [listener.next() for listener in listeners]
    assert first[0] == first[1] == {"version": live.state.version, "fault": None}
    threading.Timer(0.05, live.built).start()
    for listener in listeners:
        assert listener.next()["version"] != first[0]["version"]
    for listener in listeners:
        listener.connection.close()


def test_a_fault_is_told_with_its_lines_and_goes_when_mended(
    served: Server, live: Live, tmp_path: Path
) -> None:
    essay = tmp_path / "index.md"
    essay.write_text("".join(f"line {number}\n" for number in range(1, 10)))
    listener = Listener(served)
    before = listener.next()["version"]
    live.failed(EssayError("it is wrong", place=Place(essay, 5), remedy="Mend it."))
    told = listener.next()
    assert told["version"] == before
    assert told["fault"]["message"] == f"{essay}:5: it is wrong. Mend it."
    assert told["fault"]["excerpt"].splitlines() == [
        "     2  line 2",
        "     3  line 3",
        "     4  line 4",
        ">    5  line 5",
        "     6  line 6",
        "     7  line 7",
        "     8  line 8",
    ]
    live.built()
    assert listener.next()["fault"] is None
    listener.connection.close()


@pytest.mark.parametrize("place", [None, Place("nowhere.md", 3), Place("."), Place(".", 2)])
def test_a_fault_without_lines_to_show_is_told_all_the_same(
    place: Place | None, live: Live
) -> None:
    live.failed(EssayError("it is wrong", place=place))
    assert live.state.fault is not None
    assert live.state.fault.excerpt == ""


def test_all_faults_of_a_build_are_shown_with_the_lines_of_the_first(
    tmp_path: Path, live: Live
) -> None:
    text = tmp_path / "index.md"
    text.write_text("one\ntwo\nthree\n", encoding="utf-8")
    faults = [EssayError(f"{n} is wrong", place=Place(text, n)) for n in (3, 2)]
    live.failed(EssayGroupError(faults))
    assert live.state.fault is not None
    assert live.state.fault.message == f"{text}:2: 2 is wrong\n{text}:3: 3 is wrong"
    assert "two" in live.state.fault.excerpt


def test_a_bug_is_shown_too(live: Live) -> None:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        live.failed(error)
    assert live.state.fault is not None
    assert "ZeroDivisionError: by zero" in live.state.fault.excerpt


def test_two_sessions_share_no_version() -> None:
    assert Live().state.version != Live().state.version
