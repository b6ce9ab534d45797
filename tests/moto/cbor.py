"""Lets moto answer a client that speaks Smithy RPC v2 CBOR: the same operation, asked in JSON, which moto speaks.

Both codecs are botocore's; nothing is added to what moto says or left out of it.
"""

import io
import json
import re
from datetime import UTC, datetime

import botocore.session
from botocore.parsers import JSONParser, RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

PATH = re.compile(r"^/service/GraniteServiceVersion20100801/operation/(\w+)$")
MODEL = botocore.session.get_session().get_service_model("cloudwatch")


def operation_of(environ):
    found = PATH.match(environ["PATH_INFO"])
    return found and found.group(1)


def answer(environ, start_response, moto):
    operation = MODEL.operation_model(operation_of(environ))
    asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    parameters = RpcV2CBORParser().parse_data_item(io.BufferedReader(io.BytesIO(asked))) if asked else {}
    status, text = ask_in_json(environ, operation.name, parameters, moto)
    if not status.startswith("200"):
        start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
        return [text]
    shape = operation.output_shape
    parsed = JSONParser().parse({"status_code": 200, "headers": {}, "body": text}, shape)
    body = bytearray()
    RpcV2CBORSerializer()._serialize_data_item(body, only(shape, parsed), shape)
    headers = [("Content-Type", "application/cbor"), ("Smithy-Protocol", "rpc-v2-cbor"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [bytes(body)]


def ask_in_json(environ, operation, parameters, moto):
    body = json.dumps(parameters).encode()
    asked = {
        **{name: value for name, value in environ.items() if name != "HTTP_SMITHY_PROTOCOL"},
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "REQUEST_URI": "/",
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": f"GraniteServiceVersion20100801.{operation}",
        "wsgi.input": io.BytesIO(body),
    }
    started = []
    text = b"".join(moto(asked, lambda status, *_: started.append(status)))
    return started[0], text


def only(shape, value):
    """The members that the shape knows and that have a value: a parsed answer also has metadata of its own."""
    if shape.type_name == "structure":
        known = ((name, member) for name, member in shape.members.items() if value.get(name) is not None)
        return {name: only(member, value[name]) for name, member in known}
    if shape.type_name == "list":
        return [only(shape.member, element) for element in value]
    if shape.type_name == "timestamp" and not isinstance(value, datetime):
        return datetime.fromtimestamp(value, UTC)
    return value
