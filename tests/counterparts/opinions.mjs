// Judges SAML Responses with node-saml, which verifies them with xml-crypto.
//
// Standard input: the question as one line of JSON (`opinions.rs` has its fields), then each message as one line of base64.
// Standard output: for each message a line {"node-saml": opinion}.
import { SAML } from '@node-saml/node-saml';
import { createInterface } from 'node:readline';

// Its parser complains of each message that is none; what it makes of one is said below.
console.warn = () => {};
console.error = () => {};

// The library forgets a request with its answer; here each message is the first.
function requests(id) {
  return {
    saveAsync: async () => null,
    getAsync: async (key) => (key === id ? new Date().toISOString() : null),
    removeAsync: async () => null,
  };
}

function reader(question) {
  return new SAML({
    idpCert: question.certificate_pem,
    idpIssuer: question.issuer,
    issuer: question.audience,
    audience: question.audience,
    callbackUrl: question.acs,
    validateInResponseTo: 'always',
    cacheProvider: requests(question.request_id),
    wantAuthnResponseSigned: ['response', 'both'].includes(question.signed),
    wantAssertionsSigned: ['assertion', 'both'].includes(question.signed),
    acceptedClockSkewMs: question.skew_seconds * 1000,
    ...(question.sp_key_pem ? { decryptionPvk: question.sp_key_pem } : {}),
  });
}

async function told(saml, message) {
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: message });
    // The library leaves this comparison to its caller.
    if (profile?.issuer !== saml.options.idpIssuer) throw new Error(`the issuer is ${profile?.issuer}`);
    const values = Object.entries(profile.attributes ?? {}).map(([name, value]) => [name, [value].flat().map(text)]);
    return { accepted: true, name_id: profile.nameID ?? null, attributes: Object.fromEntries(values), reason: '' };
  } catch (error) {
    return { accepted: false, name_id: null, attributes: {}, reason: `${error.name}: ${error.message}` };
  }
}

// A value that is no text is an element as the library sees it.
function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

let saml;
for await (const line of createInterface({ input: process.stdin })) {
  if (saml) process.stdout.write(`${JSON.stringify({ 'node-saml': await told(saml, line) })}\n`);
  else saml = reader(JSON.parse(line));
}
