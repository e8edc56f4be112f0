// A submission server for tests: real SMTP by the package smtp-server, with faults on request.
//
// argv[2] is the start-up JSON (see smtp.rs). Every line on stdin is {id, faults} and replaces the
// faults; every line on stdout is one event. The process ends when stdin does.
import { SMTPServer } from 'smtp-server';
import { createInterface } from 'node:readline';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const setup = JSON.parse(process.argv[2]);
let faults = {};
let count = 0;

const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

function deliver(address, raw) {
  const user = (setup.users ?? []).find((name) => name.toLowerCase() === address.toLowerCase());
  if (!setup.maildirs || !user) return false;
  const root = join(setup.maildirs, user);
  const { uid, gid } = statSync(setup.maildirs);
  const isRoot = process.getuid?.() === 0;
  for (const folder of [root, ...['tmp', 'new', 'cur'].map((part) => join(root, part))]) {
    if (existsSync(folder)) continue;
    mkdirSync(folder, { recursive: true });
    if (isRoot) chownSync(folder, uid, gid);
  }
  const name = `${Date.now()}.${process.pid}_${++count}.smtp`;
  const head = `Return-Path: <bounce@inlet.test>\r\nDelivered-To: ${user}\r\n`;
  writeFileSync(join(root, 'tmp', name), Buffer.concat([Buffer.from(head), raw]));
  if (isRoot) chownSync(join(root, 'tmp', name), uid, gid);
  renameSync(join(root, 'tmp', name), join(root, 'new', name));
  return true;
}

/** Asks the provider whether the token is good, and whose it is (RFC 7662). */
async function isGood({ accessToken, username }) {
  if (!setup.introspection) return false;
  const url = new URL(setup.introspection);
  const credentials = Buffer.from(`${url.username}:${url.password}`).toString('base64');
  url.username = url.password = '';
  const answer = await fetch(url, {
    method: 'POST', body: new URLSearchParams({ token: accessToken }), headers: { Authorization: `Basic ${credentials}` },
  });
  const { active, sub } = await answer.json();
  return active === true && sub === username;
}

function make(tls) {
  const server = new SMTPServer({
    secure: tls,
    key: readFileSync(setup.key),
    cert: readFileSync(setup.cert),
    authMethods: setup.mechanisms,
    authOptional: false,
    allowInsecureAuth: setup.insecure_auth,
    hideSTARTTLS: !setup.starttls,
    hide8BITMIME: false,
    hideSMTPUTF8: true,
    size: setup.size ?? undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onConnect(session, done) {
      if (faults.connect) return done(refusal(faults.connect, 'not now'));
      done();
    },
    onAuth(auth, session, done) {
      say({ event: 'auth', method: auth.method, user: auth.username, tls: Boolean(session.secure) });
      if (faults.auth) return done(refusal(faults.auth, 'no entry'));
      if (auth.method === 'XOAUTH2') {
        const known = (setup.tokens ?? []).some(([token, user]) => token === auth.accessToken && user === auth.username);
        Promise.resolve(known || isGood(auth)).then((good) => {
          if (good) return done(null, { user: auth.username });
          done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } });
        });
        return;
      }
      const known = (setup.accounts ?? []).some(([user, password]) => user === auth.username && password === auth.password);
      if (known) return done(null, { user: auth.username });
      done(refusal(535, '5.7.8 authentication failed'));
    },
    onMailFrom(address, session, done) {
      if (faults.sender) return done(refusal(faults.sender, 'sender refused'));
      done();
    },
    onRcptTo(address, session, done) {
      const code = faults.recipients?.[address.address] ?? faults.all_recipients;
      if (code) return done(refusal(code, `recipient ${address.address} refused`));
      done();
    },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(refusal(552, 'message too big'));
        if (faults.data) return done(refusal(faults.data, 'message refused'));
        const raw = Buffer.concat(chunks);
        const fault = faults.after_dot;
        if (fault !== 'lose') {
          const to = session.envelope.rcptTo.map((recipient) => recipient.address);
          const delivered = to.filter((address) => deliver(address, raw));
          const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
          say({
            event: 'mail', from, to, delivered, raw: raw.toString('base64'),
            user: session.user ?? null, tls: Boolean(session.secure),
          });
        }
        if (fault === 'keep' || fault === 'lose') {
          for (const connection of server.connections) {
            if (connection.session === session) connection._socket.destroy();
          }
          return;
        }
        if (fault === 'hang') return;
        done(null, `2.0.0 queued as ${++count}`);
      });
    },
  });
  server.on('error', () => {});
  return server;
}

const listen = (server) => new Promise((resolve, reject) => {
  server.server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve(server.server.address().port));
});

const port = await listen(make(false));
const tls_port = await listen(make(true));
say({ event: 'listening', port, tls_port });

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, faults: next } = JSON.parse(line);
    faults = next;
    say({ event: 'done', id });
  })
  .on('close', () => process.exit(0));
