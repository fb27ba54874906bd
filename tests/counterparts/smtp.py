"""A mail server by aiosmtpd. Whatever it takes is read by Python's own email package and written down, a line of JSON for each mail.

The one argument names a file of settings: `port`, `folder`, `mode` (`plain`, `starttls`, which demands it, or `tls` from the first
octet), with `certificate` and `key` for the latter two, and `username` and `password`, which are demanded unless they are null.

It answers as `told.json` in the folder says at that moment: an object from EHLO, AUTH, MAIL, RCPT, DATA or TAKEN (DATA, but the mail is
written down first) to an answer such as "451 4.7.1 later", to "slow", which takes a second, or to "hang". What has no entry is answered well.
"""

import asyncio
import email
import email.policy
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

SETTINGS = json.loads(pathlib.Path(sys.argv[1]).read_text())
FOLDER = pathlib.Path(SETTINGS["folder"])


async def told(step):
    """What this step answers, or None; a step that hangs gives nothing."""
    try:
        answer = json.loads((FOLDER / "told.json").read_text()).get(step)
    except FileNotFoundError:
        return None
    if answer in ("hang", "slow"):
        (FOLDER / "hangs").touch()
        await asyncio.sleep(1 if answer == "slow" else 3600)
        return None
    return answer


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        answer = await told("EHLO")
        return [answer] if answer else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await told("MAIL") or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await told("RCPT") or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = await told("DATA")
        if answer:
            return answer
        with (FOLDER / "received.jsonl").open("a") as received:
            received.write(json.dumps(read(session, envelope)) + "\n")
        return await told("TAKEN") or "250 OK"


def read(session, envelope):
    octets = envelope.original_content
    message = email.message_from_bytes(octets, policy=email.policy.default)
    parts = list(message.walk())
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "hello": session.host_name,
        "tls": session.ssl is not None,
        "username": session.auth_data.decode() if session.auth_data else None,
        "headers": [[name, str(value)] for name, value in message.items()],
        "types": [part.get_content_type() for part in parts],
        "text": message.get_body(("plain",)).get_content(),
        "html": message.get_body(("html",)).get_content(),
        "defects": [repr(defect) for part in parts for defect in part.defects],
        "ascii": octets.isascii(),
    }


def authenticate(server, session, envelope, mechanism, login):
    right = (SETTINGS["username"].encode(), SETTINGS["password"].encode())
    if (login.login, login.password) == right:
        return AuthResult(success=True, auth_data=login.login)
    return AuthResult(success=False, handled=False)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(SETTINGS["certificate"], SETTINGS["key"])
    return made


def protocol():
    mode, demands = SETTINGS["mode"], SETTINGS["username"] is not None
    return SMTP(
        Handler(),
        hostname="mx.test",
        tls_context=context() if mode == "starttls" else None,
        require_starttls=mode == "starttls",
        authenticator=authenticate if demands else None,
        auth_required=demands,
        # Without an account AUTH is not even offered; over TLS from the first octet aiosmtpd does not know of the TLS.
        auth_require_tls=mode == "starttls" or not demands,
        timeout=600,
    )


async def main():
    wrapped = context() if SETTINGS["mode"] == "tls" else None
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", SETTINGS["port"], ssl=wrapped)
    await server.serve_forever()


asyncio.run(main())
