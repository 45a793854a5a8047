"""A real server on the loopback interface."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Server(ThreadingHTTPServer):
    """Answers every GET with ``answer(request)`` and keeps the headers that were asked with."""

    daemon_threads = True
    answer: Callable[[BaseHTTPRequestHandler], None]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, str]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"

    @staticmethod
    def send(request, body, *, status=200, sent=None, **headers):
        """Answer with ``body``; ``sent`` cuts the connection after so many bytes."""
        request.send_response(status)
        headers = {
            "Content-Length": len(body),
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        for name, value in headers.items():
            if value is not None:
                request.send_header(name, str(value))
        request.end_headers()
        request.wfile.write(body[:sent])
        request.close_connection = True

    @staticmethod
    def send_range(request, body, **kwargs):
        """Answer a Range header as servers do: If-Range, 206, 416."""
        asked = request.headers.get("Range")
        fits = request.headers.get("If-Range") in (None, kwargs.get("ETag"))
        if not asked or not fits:
            return Server.send(request, body, **kwargs)
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            return Server.send(request, b"", status=416, Content_Range=f"bytes */{len(body)}")
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Server.send(request, body[start:], status=206, Content_Range=span, **kwargs)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(dict(self.headers))
        self.server.answer(self)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    site = Server()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()
