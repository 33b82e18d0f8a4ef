"""Servers that answer as Meta's Graph API and Google Ads do, on this machine: they keep what they were told.

Meta's speaks HTTP, Google's gRPC over TLS with a certificate made for the test, and its own endpoint for tokens.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@dataclass
class Graph:
    """Audiences of one Meta ad account: id -> name and members; broken: the next calls fail so."""

    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    longest: int = 0
    broken: list[int] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What the Graph API answers."""
        self.calls.append((method, path))
        if given.get("access_token") != "token-of-a-test":
            return 400, {"error": {"message": "quotes yamada@aoba.example", "type": "OAuthException", "code": 190}}
        if self.broken:
            return self.broken.pop(0), {"error": {"message": "quotes yamada@aoba.example", "code": 2}}
        parts = path.strip("/").split("/")[1:]
        match method, parts:
            case "GET", [account, "customaudiences"] if account == "act_42":
                return 200, {"data": [{"id": each, "name": name} for each, name in self.names.items()]}
            case "POST", [account, "customaudiences"] if account == "act_42":
                assert given["subtype"] == "CUSTOM" and given["customer_file_source"] == "USER_PROVIDED_ONLY"
                number = str(9_000 + len(self.names))
                self.names[number], self.members[number] = given["name"], set()
                return 200, {"id": number}
            case "POST", [number, "users"] if number in self.members:
                return 200, self._users(number, given)
            case _:
                return 404, {"error": {"message": "unknown path", "code": 803}}

    def _users(self, number: str, given: dict[str, str]) -> dict[str, Any]:
        payload = json.loads(given["payload"])
        assert payload["schema"] == ["EMAIL", "PHONE", "FN", "LN", "ZIP", "COUNTRY"] and payload["is_raw"] is True
        rows = {tuple(each) for each in payload["data"]}
        assert all(value == "" or len(value) == 64 for row in rows for value in row), "not hashed"
        self.longest = max(self.longest, len(payload["data"]))
        if given.get("method") == "delete":
            self.members[number] -= rows
        else:
            self.members[number] |= rows
        return {"audience_id": number, "num_received": len(rows), "num_invalid_entries": 0}


@contextmanager
def graph() -> Iterator[Graph]:
    """The Graph API, listening."""
    state = Graph()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = {name: values[-1] for name, values in {**parse_qs(place.query), **parse_qs(body)}.items()}
            code, answer = state.answer(self.command, place.path, given)
            told = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with _listening(Handler) as port:
        state.url = f"http://127.0.0.1:{port}"
        yield state


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Ads:
    """User lists of one Google Ads account: resource -> name and members; jobs that were started."""

    names: dict[str, str] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    members: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    consents: list[tuple[str, str]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)
    lots: list[int] = field(default_factory=list)
    refuse: str = ""
    config: str = ""


@contextmanager
def google_ads(folder: Path) -> Iterator[Ads]:
    """Google Ads, listening; `config` is a google-ads.yaml for it."""
    import grpc

    state = Ads()
    pem, key = _certificate(folder)
    with _listening(_tokens()) as port:
        from concurrent.futures import ThreadPoolExecutor

        server = grpc.server(ThreadPoolExecutor(2), handlers=[*_handlers(state)])
        secure = server.add_secure_port("localhost:0", grpc.ssl_server_credentials([(key, pem)]))
        server.start()
        try:
            account = _account(folder, f"http://127.0.0.1:{port}/token")
            state.config = (
                f"developer_token: dev-token\nuse_proto_plus: true\nendpoint: localhost:{secure}\n"
                f"json_key_file_path: {account}\n"
            )
            yield state
        finally:
            server.stop(0).wait()


def _tokens() -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert given["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"] and given["assertion"]
            told = json.dumps({"access_token": "bearer-of-a-test", "expires_in": 3600, "token_type": "Bearer"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


def _handlers(state: Ads) -> Iterator[Any]:
    import grpc
    from google.ads.googleads.client import _DEFAULT_VERSION
    from google.ads.googleads.util import get_nested_attr

    room = f"google.ads.googleads.{_DEFAULT_VERSION}.services"

    def types(name: str) -> Any:
        module = __import__(f"{room}.types", fromlist=[name])
        return get_nested_attr(module, name)

    service = _Service(state, types)
    calls: dict[str, dict[str, tuple[str, str | None, Any]]] = {
        "GoogleAdsService": {"Search": ("SearchGoogleAdsRequest", "SearchGoogleAdsResponse", service.search)},
        "UserListService": {
            "MutateUserLists": ("MutateUserListsRequest", "MutateUserListsResponse", service.make_list)
        },
        "OfflineUserDataJobService": {
            "CreateOfflineUserDataJob": (
                "CreateOfflineUserDataJobRequest", "CreateOfflineUserDataJobResponse", service.make_job,
            ),
            "AddOfflineUserDataJobOperations": (
                "AddOfflineUserDataJobOperationsRequest", "AddOfflineUserDataJobOperationsResponse", service.add,
            ),
            "RunOfflineUserDataJob": ("RunOfflineUserDataJobRequest", None, service.run),
        },
    }  # fmt: skip
    from google.longrunning.operations_pb2 import Operation

    for name, methods in calls.items():
        table = {}
        for method, (asked, told, act) in methods.items():
            serializer = Operation.SerializeToString if told is None else types(told).serialize
            table[method] = grpc.unary_unary_rpc_method_handler(
                service.watched(act), types(asked).deserialize, serializer
            )
        yield grpc.method_handlers_generic_handler(f"{room}.{name}", table)


class _Service:
    def __init__(self, state: Ads, types: Any) -> None:
        self.state, self.types = state, types
        self.jobs: dict[str, tuple[str, list[Any]]] = {}

    def watched(self, act: Any) -> Any:
        """With the checks of every call: a token, a developer's token, and a refusal where one is wanted."""
        import grpc

        def call(request: Any, context: Any) -> Any:
            told = dict(context.invocation_metadata())
            self.state.bearers.add(str(told.get("authorization")))
            if told.get("developer-token") != "dev-token" or self.state.refuse:
                code = getattr(grpc.StatusCode, self.state.refuse or "UNAUTHENTICATED")
                context.abort(code, "quotes yamada@aoba.example")
            return act(request)

        return call

    def search(self, request: Any) -> Any:
        """Lists of this name."""
        assert request.customer_id == "1234567890"
        wanted = request.query.rpartition("= '")[2].rstrip("'")
        answer = self.types("SearchGoogleAdsResponse")()
        for resource, name in self.state.names.items():
            if name == wanted:
                row = self.types("GoogleAdsRow")()
                row.user_list.resource_name = resource
                answer.results.append(row)
        return answer

    def make_list(self, request: Any) -> Any:
        """A new list."""
        (operation,) = request.operations
        resource = f"customers/{request.customer_id}/userLists/{100 + len(self.state.names)}"
        self.state.names[resource] = operation.create.name
        self.state.days[resource] = operation.create.membership_life_span
        self.state.members[resource] = set()
        answer = self.types("MutateUserListsResponse")()
        result = self.types("MutateUserListResult")()
        result.resource_name = resource
        answer.results.append(result)
        return answer

    def make_job(self, request: Any) -> Any:
        """A new job."""
        metadata = request.job.customer_match_user_list_metadata
        assert request.job.type_.name == "CUSTOMER_MATCH_USER_LIST"
        name = f"customers/{request.customer_id}/offlineUserDataJobs/{500 + len(self.jobs)}"
        self.jobs[name] = metadata.user_list, []
        self.state.consents.append((metadata.consent.ad_user_data.name, metadata.consent.ad_personalization.name))
        answer = self.types("CreateOfflineUserDataJobResponse")()
        answer.resource_name = name
        return answer

    def add(self, request: Any) -> Any:
        """Operations of a job; Google refuses jobs that mix both kinds."""
        kinds = {operation._pb.WhichOneof("operation") for operation in request.operations}
        assert len(kinds) == 1
        self.state.lots.append(len(request.operations))
        self.jobs[request.resource_name][1].extend(request.operations)
        return self.types("AddOfflineUserDataJobOperationsResponse")()

    def run(self, request: Any) -> Any:
        """Works the job off at once."""
        from google.longrunning.operations_pb2 import Operation

        resource, operations = self.jobs[request.resource_name]
        here = self.state.members[resource]
        for operation in operations:
            if operation._pb.WhichOneof("operation") == "remove":
                here.discard(_row(operation.remove))
            else:
                here.add(_row(operation.create))
        self.state.ran.append(request.resource_name)
        return Operation(name="operations/1", done=True)


def _row(data: Any) -> tuple[str, ...]:
    found = dict.fromkeys(("email", "phone", "first", "last", "country", "postal"), "")
    for each in data.user_identifiers:
        match each._pb.WhichOneof("identifier"):
            case "hashed_email":
                found["email"] = each.hashed_email
            case "hashed_phone_number":
                found["phone"] = each.hashed_phone_number
            case _:
                address = each.address_info
                found |= {"first": address.hashed_first_name, "last": address.hashed_last_name}
                found |= {"country": address.country_code, "postal": address.postal_code}
    return tuple(found.values())


def _certificate(folder: Path) -> tuple[bytes, bytes]:
    """A certificate of this machine's own, written to roots.pem as well, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "roots.pem").write_bytes(pem)
    return pem, _private(key)


def _account(folder: Path, tokens: str) -> Path:
    """A service account whose tokens come from this machine."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / "account.json"
    told = {
        "type": "service_account", "client_email": "ads@project.example", "token_uri": tokens,
        "private_key": _private(key).decode(), "private_key_id": "1", "project_id": "project",
    }  # fmt: skip
    file.write_text(json.dumps(told), "utf-8")
    return file


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
