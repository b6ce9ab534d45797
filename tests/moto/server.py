"""moto behind one thin layer: it records every call, adds answers of AWS that moto leaves out, and speaks CBOR for CloudWatch."""

import io
import json
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

import cbor

REST_SERVICES = ("s3", "account")


@dataclass(frozen=True)
class Call:
    service: str
    name: str


class QuietHandler(WSGIRequestHandler):
    def log(self, *_args):
        """Neither the requests nor the traces of what moto does not implement."""


@dataclass
class Server:
    calls: list[Call] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    bucket_owners: dict[str, str] = field(default_factory=dict)

    def start(self):
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._http = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=QuietHandler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    @property
    def url(self):
        return f"http://127.0.0.1:{self._http.server_port}"

    def stop(self):
        self._http.shutdown()

    def forget(self):
        self.calls.clear()
        self.denied.clear()
        self.bucket_owners.clear()

    def _answer(self, environ, start_response):
        call = read_call(environ)
        self.calls.append(call)
        if call.name in self.denied:
            body = json.dumps({"__type": "AccessDeniedException", "message": f"not authorized to perform {call.name}"})
            return refuse(start_response, "400 Bad Request", "application/x-amz-json-1.1", body)
        if call.name == "ListEventDataStores":
            # moto has none and answers with status 500, which clients try again for many seconds.
            return answer(start_response, "200 OK", "application/x-amz-json-1.1", b'{"EventDataStores": []}')
        if cbor.operation_of(environ):
            return cbor.answer(environ, start_response, self._moto)
        if call.service == "s3" and not self._is_expected_owner(environ):
            body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
            return refuse(start_response, "403 Forbidden", "application/xml", body)
        if call.service == "s3" and call.name.startswith("GET ") and "versioning" in environ.get("QUERY_STRING", ""):
            return self._with_the_root_that_s3_sends(environ, start_response)
        if call.name == "GetInsightSelectors":
            return self._with_the_refusal_of_aws(environ, start_response)
        return self._moto(environ, start_response)

    def _with_the_refusal_of_aws(self, environ, start_response):
        """Without Insights AWS answers with an exception, moto with an answer that lacks its one list."""
        status, headers, body = self._answer_of_moto(environ)
        if status.startswith("200") and b"InsightSelectors" not in body:
            text = json.dumps({"__type": "InsightNotEnabledException", "message": "Insights are not enabled"})
            return refuse(start_response, "400 Bad Request", "application/x-amz-json-1.1", text)
        start_response(status, headers)
        return [body]

    def _answer_of_moto(self, environ):
        started = []
        body = b"".join(self._moto(environ, lambda status, headers, *_: started.append((status, headers))))
        return *started[0], body

    def _with_the_root_that_s3_sends(self, environ, start_response):
        """moto 5.2.5 names the document after the operation; S3 and every SDK know it as VersioningConfiguration."""
        status, headers, body = self._answer_of_moto(environ)
        body = body.replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def _is_expected_owner(self, environ):
        """AWS refuses a request that expects another owner of the bucket; moto ignores the header."""
        expected = environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
        owner = self.bucket_owners.get(environ["PATH_INFO"].strip("/").split("/")[0])
        return expected is None or owner is None or expected == owner


def refuse(start_response, status, content_type, body):
    return answer(start_response, status, content_type, body.encode())


def answer(start_response, status, content_type, body):
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


def read_call(environ):
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    service = scope.group(1) if scope else "unsigned"
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return Call(service, target.rsplit(".", 1)[-1])
    if operation := cbor.operation_of(environ):
        return Call(service, operation)
    if service in REST_SERVICES:
        query = environ.get("QUERY_STRING", "")
        return Call(service, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{'?' + query if query else ''}")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    action = parse_qs(body.decode("utf-8", "replace")).get("Action", [environ["PATH_INFO"]])
    return Call(service, action[0])
