// A sign-in service for tests: a certified OpenID provider (oidc-provider), with faults on request.
//
// argv[2] is the start-up JSON (see oidc.rs). Every line on stdin is {id, …} and changes something; every
// line on stdout is one event. The process ends when stdin does. Whoever types a login on its page is
// that person; any password will do.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

// Node 20 has it only in its later versions.
URL.parse ??= (address) => (URL.canParse(address) ? new URL(address) : null);

const setup = JSON.parse(process.argv[2]);
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
// Its quick-start pages warn of themselves on stdout, which is the line of events here.
console.info = console.warn = console.log = () => {};

// A provider whose clock is not this computer's.
const now = Date.now.bind(Date);
Date.now = () => now() + (setup.skew ?? 0) * 1000;

let faults = {};
let held = [];

const server = createServer();
await new Promise((ready) => server.listen(setup.port ?? 0, '127.0.0.1', ready));
const { port } = server.address();
const issuer = `http://127.0.0.1:${port}`;

// Where Microsoft has its endpoints, below a tenant; else where the provider has them.
const routes = setup.tenant
  ? {
      authorization: `/${setup.tenant}/oauth2/v2.0/authorize`, token: `/${setup.tenant}/oauth2/v2.0/token`,
      device_authorization: `/${setup.tenant}/oauth2/v2.0/devicecode`,
    }
  : {};
const points = { [routes.token ?? '/token']: 'token', [routes.device_authorization ?? '/device/auth']: 'device/auth' };

const grants = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'inlet', application_type: 'native', token_endpoint_auth_method: 'none', grant_types: grants,
      response_types: ['code'], redirect_uris: ['http://127.0.0.1', 'http://localhost'],
    },
    // The same app, registered a second time.
    {
      client_id: 'inlet-moved', application_type: 'native', token_endpoint_auth_method: 'none', grant_types: grants,
      response_types: ['code'], redirect_uris: ['http://127.0.0.1', 'http://localhost'],
    },
    {
      client_id: 'inlet-secret', client_secret: 'not-so-secret', application_type: 'native',
      token_endpoint_auth_method: 'client_secret_post', grant_types: grants, response_types: ['code'],
      redirect_uris: ['http://127.0.0.1'],
    },
    // The mail server, which asks whether a token is good.
    {
      client_id: 'mail', client_secret: 'server', token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [], response_types: [], redirect_uris: [],
    },
  ],
  scopes: ['openid', 'offline_access', ...setup.scopes],
  claims: { openid: ['sub'], email: ['email'], profile: ['preferred_username'] },
  // As Google and Microsoft do it: the address is in the ID token.
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, preferred_username: id }) }),
  routes,
  cookies: { keys: ['test'] },
  features: {
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    claimsParameter: { enabled: true },
  },
  rotateRefreshToken: true,
  // As Google does it, which has no `offline_access`.
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: () => setup.access_seconds, RefreshToken: () => setup.refresh_seconds, IdToken: () => 300,
    DeviceCode: () => setup.device_seconds, AuthorizationCode: () => 60, Session: () => 3600, Grant: () => 86_400,
    Interaction: () => 3600,
  },
});

provider.use(async (ctx, next) => {
  if (setup.tenant && ctx.path === routes.authorization) {
    // Microsoft has a page to choose an account on, which is signing in here. And it gives lasting access to whoever
    // asks for it, where OpenID Connect (Core §11) wants consent to be asked for along with it.
    ctx.query = { ...ctx.query, prompt: ctx.query.prompt === 'select_account' ? 'login consent' : 'consent' };
    // It takes a demand on the access token alone, which the provider wants to stand beside one on the ID token.
    if (ctx.query.claims) ctx.query = { ...ctx.query, claims: JSON.stringify({ ...JSON.parse(ctx.query.claims), id_token: {} }) };
  }
  const point = points[ctx.path];
  if (ctx.method !== 'POST' || !point) return next();
  const fault = faults[point]?.shift();
  if (fault?.body) {
    ctx.status = fault.status;
    ctx.body = fault.body;
    say({ event: 'answered', point, status: ctx.status, params: {} });
    return;
  }
  await next();
  const { client_id, grant_type, scope, claims } = ctx.oidc?.params ?? {};
  const given = ctx.oidc?.body?.claims ?? claims;
  say({ event: 'answered', point, status: ctx.status, params: { client_id, grant_type, scope, claims: given } });
  // The answer is made, its effects have happened, and nobody has it yet.
  if (fault?.hold) await new Promise((release) => held.push(release));
});

server.on('request', provider.callback());
say({ event: 'listening', port });

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const order = JSON.parse(line);
    if (order.faults) faults = order.faults;
    if (order.skew !== undefined) setup.skew = order.skew;
    if (order.release) held.splice(0).forEach((release) => release());
    if (order.revoke) {
      // What a person does on the page of their account: the app's access is withdrawn.
      const token = await provider.RefreshToken.find(order.revoke, { ignoreExpiration: true });
      if (token) await revokeGrant(token.grantId);
    }
    say({ event: 'done', id: order.id });
  })
  .on('close', () => process.exit(0));

async function revokeGrant(id) {
  for (const kind of ['RefreshToken', 'AccessToken', 'AuthorizationCode', 'DeviceCode']) await provider[kind].revokeByGrantId(id);
  await (await provider.Grant.find(id))?.destroy();
}
