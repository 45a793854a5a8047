"""A loopback server that behaves like mygene.info v3, as far as batch queries go."""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs


class MyGeneServer:
    """POST /v3/query/ with form data q (quoted, comma-separated), scopes, fields, species.

    As Elasticsearch does, it also finds what is merely alike, with a lower score.

    records: of one species, or lists of them by species.
    answer: called before each answer; what it returns (status, body) is sent instead.
    """

    def __init__(self, records: list[dict] | dict[str, list[dict]], species: str = "mouse") -> None:
        self.records, self.species = records, species
        self.asked: list[dict[str, str]] = []
        self.answer: Callable[[], tuple[int, bytes] | None] = lambda: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {key: values[0] for key, values in parse_qs(body).items()}
                outer.asked.append({"path": self.path, **form})
                status, said = outer.answer() or (200, json.dumps(outer.find(form)).encode())
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v3"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def find(self, form: dict[str, str]) -> list[dict]:
        texts = re.findall(r'"([^"]*)"', form["q"])
        scopes, fields = form["scopes"].split(","), form["fields"].split(",")
        roots = {"_id", *(field.split(".")[0] for field in fields)}
        held = self.records if isinstance(self.records, dict) else {self.species: self.records}
        found: list[dict] = []
        for text in texts:
            hits = [
                {"query": text, "_score": score, "_version": 1}
                | {key: value for key, value in record.items() if key in roots}
                for record in held.get(form["species"], [])
                if (score := self._score(record, text, scopes))
            ]
            found += sorted(hits, key=lambda hit: -hit["_score"]) or [
                {"query": text, "notfound": True}
            ]
        return found

    def _score(self, record: dict, text: str, scopes: list[str]) -> float:
        names = [name for scope in scopes for name in _values(record, scope)]
        if text.casefold() in map(str.casefold, names):
            return 15.0 + len(self.asked)
        return 2.0 if any(text.casefold() in name.casefold().split("-") for name in names) else 0.0


def _values(record: dict, scope: str) -> list[str]:
    values: list = [record]
    for key in scope.split("."):
        values = [value.get(key) for value in values if isinstance(value, dict)]
        values = [v for value in values for v in (value if isinstance(value, list) else [value])]
    return [str(value) for value in values if value is not None]
