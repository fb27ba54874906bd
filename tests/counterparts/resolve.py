"""Asks one name server: usage `resolve.py ADDRESS PORT NAME TYPE`. It prints the answers as JSON, or the code of a refusal."""

import json
import sys

import dns.message
import dns.query
import dns.rcode

address, port, name, kind = sys.argv[1:]
answer = dns.query.udp(dns.message.make_query(name, kind), address, timeout=5, port=int(port))
records = sorted(record.to_text() for records in answer.answer for record in records)
print(json.dumps({"code": dns.rcode.to_text(answer.rcode()), "records": records}))
