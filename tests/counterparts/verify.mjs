// Verifies assertions of the broker with jose (RFC 7515, RFC 7519).
//
// Standard input: {"jwks", "issuer", "audience", "type", "tokens": {name: token}}. Standard output, for each token:
// {"header", "claims"}, or {"error"} where the library refuses it.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { json } from 'node:stream/consumers';

const question = await json(process.stdin);
const keys = createLocalJWKSet(question.jwks);
const options = {
  algorithms: ['ES256'],
  issuer: question.issuer,
  audience: question.audience,
  typ: question.type,
  requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp'],
};

async function told(token) {
  try {
    const { protectedHeader, payload } = await jwtVerify(token, keys, options);
    return { header: protectedHeader, claims: payload };
  } catch (error) {
    return { error: `${error.code}: ${error.message}` };
  }
}

const answer = {};
for (const [name, token] of Object.entries(question.tokens)) {
  answer[name] = await told(token);
}
process.stdout.write(JSON.stringify({ jose: answer }));
