import urllib.request

import pytest

from server import Server
from world import World


@pytest.fixture(scope="session")
def server():
    started = Server().start()
    yield started
    started.stop()


@pytest.fixture
def world(server):
    request = urllib.request.Request(server.url + "/moto-api/reset", method="POST")
    urllib.request.urlopen(request).close()
    server.forget()
    return World(server)
