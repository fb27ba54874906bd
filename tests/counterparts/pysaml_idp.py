"""A SAML identity provider on pysaml2 and xmlsec1, with the people of people.json behind a form for name and password.

Argument: a file with {"port", "folder", "password", "sp_metadata", "sign_response", "sign_assertion", "encrypt", "sha1",
"require_signed_requests", "name_id": {"kind", "format", "attribute"}}; the folder holds idp.key and idp.crt. The service
provider is known from its metadata alone, as it serves it.
"""

import functools
import hashlib
import html
import json
import secrets
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, entity, server, sigver
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NameID
from saml2.xmldsig import DIGEST_SHA1, DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

SETTINGS = json.loads(Path(sys.argv[1]).read_text())
ORIGIN = f"http://127.0.0.1:{SETTINGS['port']}"
CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
PEOPLE = {
    person["login"]: person
    for person in json.loads(Path(__file__).with_name("people.json").read_text())
}


def configuration():
    folder = Path(SETTINGS["folder"])
    # Empty maps: an attribute goes out under the name that it has here.
    maps = folder / "maps"
    maps.mkdir()
    (maps / "basic.py").write_text(f"MAP = {{'identifier': {NAME_FORMAT_BASIC!r}, 'fro': {{}}, 'to': {{}}}}\n")
    endpoints = {
        "single_sign_on_service": [(f"{ORIGIN}/sso", BINDING_HTTP_REDIRECT), (f"{ORIGIN}/sso", BINDING_HTTP_POST)],
        "single_logout_service": [(f"{ORIGIN}/slo", BINDING_HTTP_REDIRECT), (f"{ORIGIN}/slo", BINDING_HTTP_POST)],
    }
    policy = {"lifetime": {"minutes": 5}, "attribute_restrictions": None, "name_form": NAME_FORMAT_BASIC}
    return IdPConfig().load(
        {
            "entityid": f"{ORIGIN}/idp",
            "key_file": str(folder / "idp.key"),
            "cert_file": str(folder / "idp.crt"),
            "attribute_map_dir": str(maps),
            "metadata": {"inline": [SETTINGS["sp_metadata"]]},
            "service": {
                "idp": {
                    "endpoints": endpoints,
                    "policy": {"default": policy},
                    "name_id_format": [SETTINGS["name_id"]["format"]],
                    "want_authn_requests_signed": SETTINGS["require_signed_requests"],
                }
            },
        }
    )


CONFIGURATION = configuration()
PROVIDER = server.Server(config=CONFIGURATION)
# Left to itself pysaml2 encrypts with triple DES. SimpleSAMLphp does it with AES-128-CBC, so here it is the other mode.
entity.pre_encryption_part = functools.partial(
    sigver.pre_encryption_part, msg_enc="http://www.w3.org/2009/xmlenc11#aes256-gcm"
)
PROVIDER.sec.encrypt_assertion = functools.partial(PROVIDER.sec.encrypt_assertion, key_type="aes-256")
# What was asked, by the name that the form carries.
ASKED = {}


def algorithms():
    return (SIG_RSA_SHA1, DIGEST_SHA1) if SETTINGS["sha1"] else (SIG_RSA_SHA256, DIGEST_SHA256)


def name_id(person, audience):
    mode = SETTINGS["name_id"]
    if mode["kind"] == "transient":
        return NameID(format=mode["format"], text=secrets.token_hex(16))
    text = person[mode["attribute"]]
    if mode["kind"] == "persistent":
        text = hashlib.sha256(f"{audience} {text}".encode()).hexdigest()
    return NameID(format=mode["format"], text=text)


def attributes(person):
    names = {"name": "displayName", "given_name": "givenName", "family_name": "sn"}
    return {names.get(name, name): value for name, value in person.items() if name != "login"}


def question(fields, binding):
    """The form for name and password, once the request is one that this provider answers."""
    signed = {}
    if binding == BINDING_HTTP_REDIRECT and "Signature" in fields:
        signed = {"relay_state": fields.get("RelayState"), "sigalg": fields["SigAlg"], "signature": fields["Signature"]}
    request = PROVIDER.parse_authn_request(fields["SAMLRequest"], binding, **signed)
    token = secrets.token_hex(16)
    ASKED[token] = (PROVIDER.response_args(request.message), fields.get("RelayState", ""))
    return (
        "<!DOCTYPE html><title>Sign in</title>"
        f'<form method="post" action="/sign-in"><input type="hidden" name="asked" value="{token}">'
        '<input name="username"><input type="password" name="password"><button>Login</button></form>'
    )


def answer(fields):
    """The form that carries the Response to the service provider."""
    person = PEOPLE.get(fields.get("username"))
    if person is None or fields.get("password") != SETTINGS["password"]:
        raise PermissionError("Incorrect username or password")
    arguments, relay_state = ASKED.pop(fields["asked"])
    signature, digest = algorithms()
    response = PROVIDER.create_authn_response(
        attributes(person),
        userid=person["login"],
        name_id=name_id(person, arguments["sp_entity_id"]),
        authn={"class_ref": CONTEXT, "authn_auth": ORIGIN},
        sign_response=SETTINGS["sign_response"],
        sign_assertion=SETTINGS["sign_assertion"],
        encrypt_assertion=SETTINGS["encrypt"],
        sign_alg=signature,
        digest_alg=digest,
        **arguments,
    )
    sent = PROVIDER.apply_binding(
        BINDING_HTTP_POST, str(response), arguments["destination"], relay_state, response=True
    )
    return sent["data"]


def farewell(fields, binding):
    """The address to which a LogoutResponse goes by Redirect."""
    signed = {}
    if binding == BINDING_HTTP_REDIRECT and "Signature" in fields:
        signed = {"relay_state": fields.get("RelayState"), "sigalg": fields["SigAlg"], "signature": fields["Signature"]}
    request = PROVIDER.parse_logout_request(fields["SAMLRequest"], binding, **signed)
    arguments = PROVIDER.response_args(request.message, [BINDING_HTTP_REDIRECT])
    response = PROVIDER.create_logout_response(request.message, [BINDING_HTTP_REDIRECT], sign=False)
    sent = PROVIDER.apply_binding(
        BINDING_HTTP_REDIRECT,
        str(response),
        arguments["destination"],
        fields.get("RelayState", ""),
        response=True,
        sign=True,
        sigalg=algorithms()[0],
    )
    return dict(sent["headers"])["Location"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.handled(urlsplit(self.path).query, BINDING_HTTP_REDIRECT)

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.handled(self.rfile.read(length).decode(), BINDING_HTTP_POST)

    def handled(self, text, binding):
        fields = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        try:
            self.served(urlsplit(self.path).path, fields, binding)
        except PermissionError as refusal:
            self.page(403, str(refusal))
        except Exception as fault:  # pysaml2 has many errors, and each of them refuses the request.
            self.page(400, f"{type(fault).__name__}: {fault}")

    def served(self, path, fields, binding):
        if path == "/metadata":
            self.page(200, str(entity_descriptor(CONFIGURATION)), "application/samlmetadata+xml", escaped=False)
        elif path == "/sso":
            self.page(200, question(fields, binding), escaped=False)
        elif path == "/sign-in":
            self.page(200, answer(fields), escaped=False)
        elif path == "/slo":
            # First, for a refusal is a page of its own.
            location = farewell(fields, binding)
            self.send_response(302)
            self.send_header("Location", location)
            self.end_headers()
        else:
            self.page(404, "Not here")

    def page(self, status, text, kind="text/html; charset=utf-8", escaped=True):
        octets = (html.escape(text) if escaped else text).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


HTTPServer(("127.0.0.1", SETTINGS["port"]), Handler).serve_forever()
