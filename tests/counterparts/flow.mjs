// Drives a real Chromium through the whole round: workspace, sign-in at the provider, a second workspace without
// a second sign-in, the question before sign-out, the signed-out page, the workspace behind it, and the sign-in from
// there, which has to ask the person again. Two steps are no part of it: `press` presses the first button of a form, and
// `code` types a one-time code, as an app that has read the key of a page for registration shows it, each only once.
//
// It judges nothing: it reports what the browser saw, and the test that started it decides. Only a real browser
// proves SameSite, form-action and *.localhost as people meet them.
//
// One JSON object comes in, as the first argument or on standard input:
//   { "workspace", "second"?, "username", "password", "screenshots"?, "language"?, "scheme"?, "width"?, "height"?, "steps"? }
// One goes out on standard output: { "browser", "steps": [{ "step", "status", "url", "title", "text", "asked",
//   "answers": [{ "status", "url" }], "cookies": [{ "name", "domain", "path", "sameSite", "secure", "httpOnly",
//   "session" }], "screenshot"? }], "faults": ["…"], "error"?, "stuck"? }
// `asked` says whether the person had to type, or was left before a page that wants it; `faults` are script errors and refusals by
// a Content-Security-Policy. The exit code is 1 with an `error`, which names the step that could not be taken, and
// `stuck`, which is what the browser showed then, in the form of a step.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
/** Milliseconds that one navigation or one click may take. */
const PATIENCE = 20_000;
/** Pages of one way, each looked at more than once where it is slow. */
const LOOKS = 200;
const ONWARD = 'meta[http-equiv=refresh], input[name=SAMLRequest], input[name=SAMLResponse]';
const ROUND = { open, sign_in: prove, second, question, sign_out: press, reopen: open, sign_in_again: signInAgain };
const STEPS = { ...ROUND, press, code };

const told = JSON.parse(process.argv[2] ?? fs.readFileSync(0, 'utf8'));
const report = { steps: [], faults: [] };
try {
  await drive(told);
} catch (error) {
  report.error = `${report.step ?? 'launch'}: ${error.message.split('\n')[0]}`;
}
delete report.step;
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(report.error ? 1 : 0));

async function drive(script) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
  let visit;
  try {
    report.browser = browser.version();
    visit = await visitOf(browser, script);
    for (const name of script.steps ?? Object.keys(ROUND)) await take(visit, name);
  } catch (error) {
    if (visit) report.stuck = await seen(visit, report.step);
    throw error;
  } finally {
    await browser.close();
  }
}

async function visitOf(browser, script) {
  const context = await browser.newContext({
    locale: script.language ?? 'en',
    colorScheme: script.scheme ?? 'light',
    viewport: { width: script.width ?? 1200, height: script.height ?? 800 },
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const visit = { script, context, page, answers: [], asked: false };
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) {
      visit.answers.push({ status: response.status(), url: response.url() });
    }
  });
  page.on('pageerror', (error) => report.faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text())) report.faults.push(message.text());
  });
  return visit;
}

async function take(visit, name) {
  const step = STEPS[name];
  if (!step) throw new Error(`there is no step ${name}`);
  report.step = name;
  Object.assign(visit, { answers: [], asked: false });
  if ((await step(visit)) === 'left out') return;
  report.steps.push(await seen(visit, name));
}

async function open({ page, script }) {
  await page.goto(script.workspace);
  await settled(page);
}

async function second({ page, script }) {
  if (!script.second) return 'left out';
  await page.goto(script.second);
  await settled(page);
}

async function question({ page, script }) {
  await page.goto(new URL('/.vestibule/sign-out', script.workspace).href);
  await settled(page);
}

async function press({ page }) {
  await pressed(page, page.locator('form [type=submit]').first());
}

async function signInAgain(visit) {
  await pressed(visit.page, visit.page.locator('main a[href]').first());
  if (await passwordField(visit.page).isVisible()) await prove(visit);
}

async function prove(visit) {
  const { page, script } = visit;
  const password = passwordField(page);
  await password.waitFor();
  visit.asked = true;
  const form = page.locator('form').filter({ has: password }).first();
  await form.locator('input:not([type=hidden]):not([type=password])').first().fill(script.username);
  await password.fill(script.password);
  await pressed(page, form.locator('button').first());
}

// RFC 6238: a code is right one step of 30 seconds early, so that the next one needs no waiting.
async function code(visit) {
  const { page } = visit;
  const field = page.locator('input[name=code]').first();
  await field.waitFor();
  visit.asked = true;
  const key = page.locator('a[href^="otpauth:"]');
  if (await key.count()) {
    visit.key = new URL(await key.getAttribute('href')).searchParams.get('secret');
    visit.moment = Math.floor(Date.now() / 30_000);
  } else {
    visit.moment += 1;
  }
  await field.fill(oneTimeCode(visit.key, visit.moment));
  await pressed(page, page.locator('form').filter({ has: field }).locator('button').first());
}

function oneTimeCode(key, moment) {
  const digits = [...key].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(digits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(moment));
  const mac = crypto.createHmac('sha1', secret).update(counter).digest();
  const truncated = mac.readUInt32BE(mac.at(-1) & 0xf) & 0x7fff_ffff;
  return String(truncated % 1_000_000).padStart(6, '0');
}

function passwordField(page) {
  return page.locator('input[type=password]').first();
}

async function pressed(page, target) {
  await Promise.all([page.waitForEvent('load'), target.click()]);
  await settled(page);
}

// Where the way leads on to another host after a posted form, the page in between goes on by itself; so do the pages that
// post a message of SAML.
async function settled(page) {
  for (let looks = 0; ; looks += 1) {
    if (looks === LOOKS) throw new Error(`the way does not end: ${page.url()}`);
    const { here, whole, onward } = await looked(page);
    if (onward) await page.waitForURL((url) => url.href !== here);
    else if (!whole) await page.waitForLoadState();
    else {
      // What the page says of itself may be ahead of what was heard of it.
      await page.waitForURL((url) => url.href === here);
      break;
    }
  }
  if (page.url().startsWith('chrome-error:')) throw new Error(`no page came: ${await page.title()}`);
}

async function looked(page) {
  for (;;) {
    try {
      return await page.evaluate((onward) => ({
        here: location.href,
        whole: document.readyState === 'complete',
        onward: document.querySelector(onward) !== null,
      }), ONWARD);
    } catch (error) {
      // It went on while it was looked at: then the next one is.
      if (!/context was destroyed|navigation/i.test(error.message)) throw error;
    }
  }
}

async function seen(visit, name) {
  const { page, context, script } = visit;
  return {
    step: name,
    status: visit.answers.at(-1)?.status ?? null,
    url: page.url(),
    title: await page.title(),
    text: await page.locator('body').innerText(),
    asked: visit.asked || (await passwordField(page).isVisible()),
    answers: visit.answers,
    cookies: (await context.cookies()).map(cookieSeen),
    ...(script.screenshots && { screenshot: await pictured(page, script.screenshots, name) }),
  };
}

// A cookie's value is a secret of the session; no test needs it from here.
function cookieSeen({ name, domain, path: below, sameSite, secure, httpOnly, expires }) {
  return { name, domain, path: below, sameSite, secure, httpOnly, session: expires === -1 };
}

async function pictured(page, directory, name) {
  const file = path.join(directory, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true });
  return file;
}
