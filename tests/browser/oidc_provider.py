"""A small OpenID provider on this machine: anybody in its list signs in with a click. Real tokens, really signed."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "formcheck", secrets.token_hex(16)
NAMES = {"mori": "Dr. Mori", "sato": "Sato"}


class _Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}


class _Answer(BaseHTTPRequestHandler):
    server: _Provider

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        issuer = self.server.issuer
        if address.path == "/.well-known/openid-configuration":
            self._json(_configuration(issuer))
        elif address.path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif address.path == "/authorize" and "user" not in asked:
            links = [f'<p><a href="?{urlencode(asked | {"user": user})}">{user}</a></p>' for user in NAMES]
            self._send("text/html", "".join(links).encode())
        elif address.path == "/authorize":
            code = secrets.token_hex(8)
            self.server.codes[code] = asked
            answer = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """The token for a code, once."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = self.server.codes.pop(parse_qs(body)["code"][0])
        user, now_s = asked["user"], int(time.time())
        claims = {"iss": self.server.issuer, "sub": user, "aud": CLIENT_ID, "iat": now_s, "exp": now_s + 600}
        claims |= {"nonce": asked["nonce"], "name": NAMES[user], "email": "shared@practice.example"}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.server.key)
        self._json({"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def _json(self, told: dict[str, Any]) -> None:
        self._send("application/json", json.dumps(told).encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _configuration(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


@contextmanager
def provider() -> Iterator[str]:
    """The issuer's address, while it answers."""
    server = _Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
