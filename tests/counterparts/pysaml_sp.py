"""pysaml2 as a service provider: it asks an identity provider that it knows from metadata, and reads what comes back.

Standard input: a line {"entity_id", "acs_url", "logout_url", "key_pem", "certificate_pem"}, then a line {"act"} for each
question, and with the act
"metadata": nothing more, answered {"metadata"};
"request": {"idp_metadata", "signed"}, answered {"id", "url"};
"read": {"idp_metadata", "request_id", "response", "want_response_signed", "want_assertion_signed"}, answered
{"accepted", "name_id", "attributes", "reason"};
"sign_out": {"idp_metadata", "name_id", "name_id_format"}, answered {"id", "url"}.
"""

import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NameID
from saml2.xmldsig import SIG_RSA_SHA256


# It warns of what is asked of it, and reports each refusal twice.
logging.disable()
warnings.simplefilter("ignore")


def configuration(provider, question, folder):
    key, certificate = Path(folder, "sp.key"), Path(folder, "sp.crt")
    key.write_text(provider["key_pem"])
    certificate.write_text(provider["certificate_pem"])
    pair = {"key_file": str(key), "cert_file": str(certificate)}
    endpoints = {
        "assertion_consumer_service": [(provider["acs_url"], BINDING_HTTP_POST)],
        "single_logout_service": [(provider["logout_url"], BINDING_HTTP_REDIRECT)],
    }
    known = [question["idp_metadata"]] if "idp_metadata" in question else []
    return SPConfig().load(
        pair
        | {
            "entityid": provider["entity_id"],
            "encryption_keypairs": [pair],
            "allow_unknown_attributes": True,
            "metadata": {"inline": known},
            "service": {
                "sp": {
                    "endpoints": endpoints,
                    "allow_unsolicited": False,
                    "authn_requests_signed": question.get("signed", False),
                    "want_response_signed": question.get("want_response_signed", False),
                    "want_assertions_signed": question.get("want_assertion_signed", False),
                }
            },
        }
    )


def requested(client, question):
    request_id, sent = client.prepare_for_authenticate(
        entityid=next(iter(client.metadata.identity_providers())),
        relay_state="state of pysaml2",
        binding=BINDING_HTTP_REDIRECT,
        sign=question["signed"],
        sigalg=SIG_RSA_SHA256,
    )
    return {"id": request_id, "url": dict(sent["headers"])["Location"]}


def read(client, question):
    try:
        outstanding = {question["request_id"]: "/"}
        answer = client.parse_authn_request_response(question["response"], BINDING_HTTP_POST, outstanding)
        name_id, attributes = answer.name_id.text, answer.ava
    except Exception as error:  # pysaml2 has many errors, and any of them is a refusal.
        return {"accepted": False, "name_id": None, "attributes": {}, "reason": f"{type(error).__name__}: {error}"}
    return {"accepted": True, "name_id": name_id, "attributes": attributes, "reason": ""}


def signed_out(client, question):
    provider = next(iter(client.metadata.identity_providers()))
    endpoint = client.metadata.single_logout_service(provider, BINDING_HTTP_REDIRECT, "idpsso")[0]["location"]
    name_id = NameID(text=question["name_id"], format=question["name_id_format"])
    request_id, request = client.create_logout_request(endpoint, provider, name_id=name_id, sign=False)
    sent = client.apply_binding(
        BINDING_HTTP_REDIRECT, str(request), endpoint, "state of pysaml2", sign=True, sigalg=SIG_RSA_SHA256
    )
    return {"id": request_id, "url": dict(sent["headers"])["Location"]}


def answered(provider, question, folder):
    known = configuration(provider, question, folder)
    if question["act"] == "metadata":
        return {"metadata": str(entity_descriptor(known))}
    acts = {"request": requested, "read": read, "sign_out": signed_out}
    return acts[question["act"]](Saml2Client(known), question)


def main():
    provider = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            print(json.dumps(answered(provider, json.loads(line), folder)), flush=True)


main()
