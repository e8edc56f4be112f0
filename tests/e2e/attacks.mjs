// Shows every attack in a browser, the way the window shows mail, and counts what gets through.
//
//   INLET_DOCUMENTS=/tmp/documents.jsonl cargo test -p inlet-orchestrator write_documents -- --ignored
//   node tests/e2e/attacks.mjs /tmp/documents.jsonl
//
// Each line of the file is {id, document, raw}: `document` goes into a frame with
// sandbox="allow-popups", as in the window. Expected: no script starts, nothing is requested.
// A sample of the raw mails is then shown in a frame without any protection: there scripts and
// requests must be seen, or this judge is blind.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const BATCH = 40
const CONTROLS = 400

const file = process.argv[2]
if (!file) {
  console.error('usage: node attacks.mjs DOCUMENTS.jsonl')
  process.exit(2)
}
const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))

const blank = '<!DOCTYPE html><meta charset=utf-8><link rel=icon href=data:,><title>judge</title><body>'
const server = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html')
  response.end(blank)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const home = `http://127.0.0.1:${server.address().port}/`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
})

// Runs in every frame before anything of the mail.
function listen() {
  const tell = (what) => globalThis.__seen?.(what)
  for (const name of ['alert', 'confirm', 'prompt', 'print']) {
    globalThis[name] = () => tell(name)
  }
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.effectiveDirective.startsWith('script-src')) tell(`${event.effectiveDirective} ${event.blockedURI}`)
  })
}

async function show(entries, sandboxed) {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  const scripts = []
  const requests = []
  await context.exposeBinding('__seen', (_, what) => scripts.push(what))
  await context.addInitScript(listen)
  page.on('dialog', (dialog) => {
    scripts.push(dialog.type())
    dialog.dismiss().catch(() => {})
  })
  const cdp = await context.newCDPSession(page)
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
    if (request.url === home) {
      cdp.send('Fetch.continueRequest', { requestId }).catch(() => {})
    } else {
      if (!request.url.startsWith('data:')) requests.push(request.url)
      cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }).catch(() => {})
    }
  })
  // A script that a policy or a sandbox stops is an attempt that should not have been there.
  cdp.on('Log.entryAdded', ({ entry }) => {
    if (/Blocked script execution|Refused to (execute|run|load the script)|violates the following.*script/i.test(entry.text)) {
      scripts.push(entry.text.slice(0, 120))
    }
  })
  await cdp.send('Log.enable')
  await page.goto(home)
  await page.evaluate(
    async ({ documents, sandboxed }) => {
      await Promise.all(
        documents.map(
          (text) =>
            new Promise((shown) => {
              const frame = document.createElement('iframe')
              if (sandboxed) frame.setAttribute('sandbox', 'allow-popups')
              frame.addEventListener('load', shown, { once: true })
              setTimeout(shown, 4000)
              frame.srcdoc = text
              document.body.append(frame)
            }),
        ),
      )
      // What an event handler would start, it starts within a frame or two of loading.
      await new Promise((later) => setTimeout(later, 150))
    },
    { documents: entries, sandboxed },
  ).catch((error) => scripts.push(`the page was lost: ${error.message.slice(0, 100)}`))
  await context.close()
  return { scripts, requests }
}

let scripts = 0
let requests = 0
for (let at = 0; at < rows.length; at += BATCH) {
  const batch = rows.slice(at, at + BATCH)
  const seen = await show(batch.map((row) => row.document), true)
  if (seen.scripts.length + seen.requests.length === 0) continue
  // Something got through: show the batch one by one to name it.
  for (const row of batch) {
    const one = await show([row.document], true)
    scripts += one.scripts.length
    requests += one.requests.length
    for (const what of [...one.scripts, ...one.requests]) console.log(`${row.id}: ${what}`)
  }
  if (scripts + requests === 0) {
    scripts += seen.scripts.length
    requests += seen.requests.length
    console.log(`batch at ${at}: ${[...seen.scripts, ...seen.requests].join(' | ')}`)
  }
}

const step = Math.max(1, Math.floor(rows.length / CONTROLS))
const sample = rows.filter((row, index) => row.raw && index % step === 0)
const control = { scripts: 0, requests: 0 }
for (let at = 0; at < sample.length; at += 10) {
  const seen = await show(sample.slice(at, at + 10).map((row) => row.raw), false)
  control.scripts += seen.scripts.length
  control.requests += seen.requests.length
}
await browser.close()
server.close()

console.log(`documents ${rows.length}: ${scripts} scripts, ${requests} requests`)
console.log(`control ${sample.length} raw: ${control.scripts} scripts, ${control.requests} requests`)
if (scripts || requests) process.exit(1)
if (!control.scripts || !control.requests) {
  console.error('the control saw nothing: this judge is blind')
  process.exit(3)
}
