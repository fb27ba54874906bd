// A certified OpenID provider, dressed as an Okta authorization server that keeps the CIP attributes as custom claims.
//
// It shares no code with the broker, so it is the second opinion on discovery, PKCE (RFC 7636), the response's
// issuer (RFC 9207), ID tokens, re-authentication (OpenID Connect Core 1.0 §3.1.2.1), RP-initiated and back-channel
// logout. The shape of the claims
// comes from documentation, not from a real Okta.
//
// Environment: CLIENT_ID, CLIENT_SECRET, REDIRECT_URIS (a JSON array), TOKEN_AUTH (client_secret_basic or
// client_secret_post), SIGN_OUT_URIS (a JSON array), BACK_CHANNEL (an address of logout tokens, or empty), PORT (0 takes a free one); AUTO=1 signs AUTO_USER in without a page.
// Says `ready <issuer>` once and ends when its standard input closes, so that a killed test leaves no process.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

// The library remarks that this set-up is for development only, which is what it is. Errors still come out.
console.info = console.warn = () => {};
const { Provider } = await import('oidc-provider');

const BASE = '/oauth2/default';
const people = JSON.parse(fs.readFileSync(new URL('people.json', import.meta.url), 'utf8'));

const server = http.createServer();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const provider = openIdProvider(`${origin}${BASE}`);
  server.on('request', mounted(provider));
  process.stdout.write(`ready ${provider.issuer}\n`);
});
process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();

function openIdProvider(issuer) {
  const provider = new Provider(issuer, {
    clients: [client()],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [crypto.randomBytes(32).toString('base64url')] },
    responseTypes: responseTypes(),
    pkce: { required: () => true },
    // Okta puts custom claims into the ID token whatever else was asked for.
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'cip_sid', 'cip_upn', 'cip_oid', 'cip_email', 'groups'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    features: {
      devInteractions: { enabled: !scripted() },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: signOutPage },
      userinfo: { enabled: true },
    },
    ...(scripted() && { interactions: { url: (_context, { uid }) => `${BASE}/interaction/${uid}` } }),
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
    findAccount: (_context, login) => account(login),
    loadExistingGrant: assigned,
    fetch: call,
  });
  provider.on('backchannel.error', (_context, error) => console.error('openid: a logout token was refused:', error.message));
  provider.on('server_error', (_context, error) => console.error('openid: server error:', error));
  provider.on('grant.error', (_context, error) => console.error('openid: grant refused:', error.message, error.error_description ?? ''));
  return provider;
}

function client() {
  return {
    client_id: required('CLIENT_ID'),
    client_secret: required('CLIENT_SECRET'),
    redirect_uris: JSON.parse(required('REDIRECT_URIS')),
    token_endpoint_auth_method: process.env.TOKEN_AUTH ?? 'client_secret_basic',
    response_types: responseTypes(),
    // OpenID Connect Core 1.0 §3.3: the hybrid flow is both.
    grant_types: hybrid() ? ['authorization_code', 'implicit'] : ['authorization_code'],
    id_token_signed_response_alg: 'RS256',
    // Okta says in every ID token when the person authenticated.
    require_auth_time: true,
    post_logout_redirect_uris: JSON.parse(process.env.SIGN_OUT_URIS ?? '[]'),
    ...(process.env.BACK_CHANNEL && {
      backchannel_logout_uri: process.env.BACK_CHANNEL,
      backchannel_logout_session_required: true,
    }),
  };
}

// Okta asks nobody who comes with a token of its own.
function signOutPage(context, form) {
  const sent = form.replace('</form>', '<input type="hidden" name="logout" value="yes"><button>Sign out</button></form>');
  const script = context.oidc.params.id_token_hint ? '<script>document.forms[0].submit()</script>' : '';
  context.body = `<!doctype html><title>Sign out</title>${sent}${script}`;
}

// Names below .localhost are this machine's (RFC 6761 §6.3); the system's resolver need not know them, and the library would
// call no address of this machine.
function call(url, { method, headers, body }) {
  const { hostname, port, host, pathname, search } = new URL(url);
  if (!hostname.endsWith('.localhost')) throw new Error(`${url} is not of this machine`);
  const target = { host: '127.0.0.1', port, method, path: pathname + search };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...target, headers: { ...Object.fromEntries(new Headers(headers)), host } }, (answer) => {
      answer.resume().on('end', () => resolve(new Response(null, { status: answer.statusCode })));
    });
    request.on('error', reject).end(body?.toString());
  });
}

// The library gives a token by the browser to https addresses alone.
function hybrid() {
  return JSON.parse(required('REDIRECT_URIS')).every((uri) => uri.startsWith('https:'));
}

function responseTypes() {
  return hybrid() ? ['code', 'code id_token'] : ['code'];
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function scripted() {
  return process.env.AUTO === '1';
}

function signingKey() {
  const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: crypto.randomUUID(), use: 'sig', alg: 'RS256' };
}

function account(login) {
  const person = people.find((candidate) => candidate.login === login);
  return person && { accountId: login, claims: () => claimsOf(person) };
}

function claimsOf({ login, ...attributes }) {
  return {
    sub: login,
    ...attributes,
    preferred_username: attributes.cip_upn,
    email: attributes.cip_email,
    email_verified: true,
  };
}

// Everybody is assigned to the one application: an administrator consented, and no page asks again.
async function assigned(context) {
  const { client: { clientId }, session: { accountId }, provider } = context.oidc;
  const grant = new provider.Grant({ clientId, accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

function mounted(provider) {
  const answer = provider.callback();
  return (request, response) => {
    if (!request.url.startsWith(`${BASE}/`)) return void response.writeHead(404).end();
    // The library finds out where it is mounted by comparing these two.
    request.originalUrl = request.url;
    request.url = request.url.slice(BASE.length);
    if (scripted() && request.url.startsWith('/interaction/')) return signInByScript(provider, request, response);
    return answer(request, response);
  };
}

async function signInByScript(provider, request, response) {
  request.url = request.originalUrl;
  try {
    await provider.interactionFinished(request, response, { login: { accountId: process.env.AUTO_USER ?? 'alice', amr: ['pwd'] } });
  } catch (error) {
    console.error('openid: the scripted sign-in failed:', error);
    response.writeHead(500).end();
  }
}
