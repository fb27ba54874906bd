"""Verifies assertions of the broker with three libraries that share nothing with it (RFC 7515, RFC 7519).

Standard input: {"jwks", "issuer", "audience", "tokens": {name: token}}. Standard output, for each library and token:
{"header", "claims"}, or {"error"} where the library refuses it.
"""

import json
import sys

import jwcrypto.jwk
import jwcrypto.jwt
import jwt as pyjwt
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

ALGORITHMS = ["ES256"]
REQUIRED = ["iss", "aud", "sub", "iat", "exp"]


def by_pyjwt(question, token):
    keys = pyjwt.PyJWKSet.from_dict(question["jwks"])
    header = pyjwt.get_unverified_header(token)
    claims = pyjwt.decode(
        token,
        keys[header["kid"]],
        algorithms=ALGORITHMS,
        issuer=question["issuer"],
        audience=question["audience"],
        options={"require": REQUIRED},
    )
    return header, claims


def by_joserfc(question, token):
    decoded = joserfc_jwt.decode(token, KeySet.import_key_set(question["jwks"]), algorithms=ALGORITHMS)
    essential = {name: {"essential": True} for name in REQUIRED}
    essential["iss"]["value"] = question["issuer"]
    essential["aud"]["value"] = question["audience"]
    joserfc_jwt.JWTClaimsRegistry(**essential).validate(decoded.claims)
    return decoded.header, decoded.claims


def by_jwcrypto(question, token):
    keys = jwcrypto.jwk.JWKSet.from_json(json.dumps(question["jwks"]))
    check = {name: None for name in REQUIRED} | {"iss": question["issuer"], "aud": question["audience"]}
    decoded = jwcrypto.jwt.JWT(algs=ALGORITHMS, check_claims=check, expected_type="JWS")
    decoded.deserialize(token, keys)
    return json.loads(decoded.header), json.loads(decoded.claims)


def told(verify, question, token):
    try:
        header, claims = verify(question, token)
    except Exception as error:  # Each library has errors of its own, and any of them is a refusal.
        return {"error": f"{type(error).__name__}: {error}"}
    return {"header": header, "claims": claims}


def main():
    question = json.load(sys.stdin)
    verifiers = {"pyjwt": by_pyjwt, "joserfc": by_joserfc, "jwcrypto": by_jwcrypto}
    answer = {
        name: {token: told(verify, question, text) for token, text in question["tokens"].items()}
        for name, verify in verifiers.items()
    }
    json.dump(answer, sys.stdout)


main()
