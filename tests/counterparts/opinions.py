"""Judges SAML Responses with xmlsec, which verifies signatures, and with python3-saml, which reads them.

Standard input: the question as one line of JSON (`opinions.rs` has its fields), then each message as one line of base64.
Standard output: for each message a line {"xmlsec": opinion, "python3-saml": opinion}.
"""

import base64
import json
import sys
from urllib.parse import urlsplit

import xmlsec
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
REFERENCE = "{http://www.w3.org/2000/09/xmldsig#}Reference"
SCHEMAS = {}


def schema(tree):
    """python3-saml compiles the schema of SAML anew for each message, which takes most of its time."""
    name = tree.docinfo.URL
    if name not in SCHEMAS:
        SCHEMAS[name] = etree.XMLSchema(tree)
    return SCHEMAS[name]


def opinion(name_id=None, attributes=None):
    return {"accepted": True, "name_id": name_id, "attributes": attributes or {}, "reason": ""}


def by_xmlsec(question, message):
    """Every signature verifies under the one key, and covers something of this document."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(base64.b64decode(message), parser)
    xmlsec.tree.add_ids(root, ["ID"])
    signatures = list(root.iter(SIGNATURE))
    if not signatures:
        raise ValueError("no signature")
    for signature in signatures:
        for reference in signature.iter(REFERENCE):
            uri = reference.get("URI", "")
            if uri and not uri.startswith("#"):
                raise ValueError(f"a reference to {uri}")
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(question["certificate_pem"].encode(), xmlsec.KeyFormat.CERT_PEM)
        context.verify(signature)
    return opinion()


def settings(question):
    key = {"privateKey": question["sp_key_pem"]} if question["sp_key_pem"] else {}
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": question["audience"], "assertionConsumerService": {"url": question["acs"]}} | key,
            "idp": {
                "entityId": question["issuer"],
                "singleSignOnService": {"url": question["issuer"]},
                "x509cert": question["certificate_pem"],
            },
            "security": {
                "wantMessagesSigned": question["signed"] in ("response", "both"),
                "wantAssertionsSigned": question["signed"] in ("assertion", "both"),
                "wantAttributeStatement": False,
                "rejectDeprecatedAlgorithm": True,
                "failOnAuthnContextMismatch": False,
            },
        }
    )


def by_python3_saml(question, message):
    acs = urlsplit(question["acs"])
    request = {"https": "on" if acs.scheme == "https" else "off", "http_host": acs.netloc, "script_name": acs.path}
    response = OneLogin_Saml2_Response(question["settings"], message)
    if response.get_in_response_to() is None:
        # The library compares the attribute where there is one.
        raise ValueError("no InResponseTo")
    response.is_valid(request, question["request_id"], raise_exceptions=True)
    return opinion(response.get_nameid(), response.get_attributes())


def told(judge, question, message):
    try:
        return judge(question, message)
    except Exception as error:  # Each library has errors of its own, and any of them is a refusal.
        return {"accepted": False, "name_id": None, "attributes": {}, "reason": f"{type(error).__name__}: {error}"}


def main():
    question = json.loads(sys.stdin.readline())
    question["settings"] = settings(question)
    OneLogin_Saml2_XML._schema_class = staticmethod(schema)
    OneLogin_Saml2_Constants.ALLOWED_CLOCK_DRIFT = question["skew_seconds"]
    judges = {"xmlsec": by_xmlsec, "python3-saml": by_python3_saml}
    for line in sys.stdin:
        print(json.dumps({name: told(judge, question, line.strip()) for name, judge in judges.items()}), flush=True)


main()
