// Drives a real Chromium with an authenticator of its own through the life of a passkey: an administrator signs in with a code, adds
// a passkey, signs in with it, and removes it while another sign-in waits for it.
//
// It judges nothing: it reports what the browser saw, and the test that started it decides.
//
// One JSON object comes in, as the first argument or on standard input:
//   { "console", "profile", "username", "password", "code", "screenshots"?, "language"?, "scheme"?, "width"? }
// One goes out on standard output: { "steps": [{ "step", "status", "url", "text", "offered" }], "faults": ["…"], "error"? }
// `offered` says whether the page shows the button for a passkey; `faults` are script errors and refusals by a
// Content-Security-Policy. The exit code is 1 with an `error`, which names the step that could not be taken.
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
const ONWARD = 'meta[http-equiv=refresh]';
const ASK = 'form[data-passkey] button[type=submit]';

const told = JSON.parse(process.argv[2] ?? fs.readFileSync(0, 'utf8'));
const report = { steps: [], faults: [] };
let step = 'launch';
try {
  await drive();
} catch (error) {
  report.error = `${step}: ${error.message.split('\n')[0]}`;
}
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(report.error ? 1 : 0));

async function drive() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
  try {
    const page = await pageOf(browser);
    await authenticator(page);
    await password(page);
    await see(page, 'before');
    await page.fill('form:not([data-passkey]) input[name=code] >> nth=0', told.code);
    await press(page, 'form button[type=submit] >> nth=0');
    await see(page, 'entered');

    await page.goto(`${told.profile}/passkeys`);
    await see(page, 'form');
    await page.fill('input[name=passkey_name]', 'Laptop');
    await page.fill('input[name=current_password]', told.password);
    await press(page, ASK);
    await see(page, 'added');

    await page.context().clearCookies();
    await password(page);
    await see(page, 'asked');
    await press(page, ASK);
    await see(page, 'proved');
    await page.goto(`${new URL(told.console).origin}/.vestibule/session`);
    await see(page, 'session');

    // Another window of the session removes it, while a sign-in of this one waits for it.
    const other = await pageOf(browser);
    await other.context().addCookies(await page.context().cookies());
    await page.context().clearCookies();
    await password(page);
    await see(page, 'waiting');
    await other.goto(told.profile);
    await see(other, 'listed');
    await other.click('a[href*="/passkeys/remove"]');
    await see(other, 'question');
    await other.fill('input[name=current_password]', told.password);
    await press(other, 'form button[type=submit] >> nth=0');
    await see(other, 'removed');
    await press(page, ASK);
    await see(page, 'refused');
    await password(page);
    await see(page, 'after');
  } finally {
    await browser.close();
  }
}

async function pageOf(browser) {
  const context = await browser.newContext({
    locale: told.language ?? 'en',
    colorScheme: told.scheme ?? 'light',
    viewport: { width: told.width ?? 1280, height: 800 },
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) page.status = response.status();
  });
  page.on('pageerror', (error) => report.faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text())) report.faults.push(message.text());
  });
  return page;
}

/** One that is in the machine, and verifies who is there. */
async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
}

async function password(page) {
  await page.goto(told.console);
  await settle(page);
  await page.fill('input[name=name]', told.username);
  await page.fill('input[name=password]', told.password);
  await press(page, 'form button[type=submit] >> nth=0');
}

async function press(page, button) {
  await Promise.all([page.waitForNavigation(), page.click(button)]);
  await settle(page);
}

async function settle(page) {
  await page.waitForLoadState();
  while (await page.locator(ONWARD).count()) {
    await page.waitForNavigation();
    await page.waitForLoadState();
  }
}

async function see(page, name) {
  step = name;
  const body = await page.innerText('body');
  const offered = (await page.locator(ASK).count()) > 0 && (await page.locator(ASK).isVisible());
  report.steps.push({ step: name, status: page.status, url: page.url(), text: body.replace(/\s+/g, ' '), offered });
  if (told.screenshots) await page.screenshot({ path: path.join(told.screenshots, `${name}.png`), fullPage: true });
}
