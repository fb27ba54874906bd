"""Holds the administration API to its own description: calls of every address, made from the schemas and against them, by Schemathesis.

It reads one line of JSON from standard input, `{"url", "token", "seconds", "places"}`, of which `places` says what stands in the places
of paths: random names would end at the door, and those of lists would be deleted on the way. It ends with 0 only if every answer is what the
description says and none is a fault of the server's.
"""

import json
import os
import socket
import sys
import tempfile
import urllib.parse
import urllib.request

asked = json.loads(sys.stdin.readline())
system = socket.getaddrinfo


def loopback(host, *rest, **more):
    """RFC 6761 section 6.3: names of `localhost` are this machine, which glibc does not know."""
    name = host.decode() if isinstance(host, bytes) else host
    return system("127.0.0.1" if name and name.endswith(".localhost") else host, *rest, **more)


socket.getaddrinfo = loopback

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
]

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with open("schemathesis.toml", "w", encoding="utf-8") as file:
        file.write("[parameters]\n")
        for name, value in asked["places"].items():
            file.write(f'"path.{name}" = "{value}"\n')
    # By its address it would leave that address out.
    urllib.request.urlretrieve(asked["url"], "openapi.json")
    origin = urllib.parse.urljoin(asked["url"], "/")
    from schemathesis.cli import schemathesis

    arguments = ["run", "openapi.json", "--url", origin, "--phases", "coverage,fuzzing", "--checks", ",".join(CHECKS)]
    arguments += ["--header", f"Authorization: Bearer {asked['token']}", "--max-time", str(asked["seconds"])]
    arguments += ["--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", "--no-color"]
    try:
        schemathesis.main(args=arguments)
    finally:
        # A folder that is somebody's current one is not taken away.
        os.chdir(os.path.dirname(os.path.abspath(__file__)))
