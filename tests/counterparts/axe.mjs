// Opens pages in a real Chromium, as whoever the cookies say, and has axe-core look at each: in every variant of language, colour
// scheme and width that is asked for. It judges nothing: it reports, and the test that started it decides.
//
// One JSON object comes in on standard input:
//   { "cookies": [{ "name", "value", "url" }], "variants": [{ "language", "scheme", "width" }],
//     "pages": [{ "url", "fill"?: { "<selector>": "<text>" }, "press"?: "<selector>" }], "screenshots"? }
// One goes out on standard output: { "seen": [{ "url", "variant", "status", "title", "wider", "violations": [{ "id", "help", "nodes":
//   ["<html>"] }] }], "faults": ["…"], "error"? }
// `wider` says that the page is wider than its window; `faults` are script errors and refusals by a Content-Security-Policy.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking'];
/** WCAG 2.2 AA, and what axe-core calls best practices. */
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const PATIENCE = 20_000;

const told = JSON.parse(fs.readFileSync(0, 'utf8'));
const report = { seen: [], faults: [] };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS, headless: true });
try {
  for (const variant of told.variants) await look(variant);
} catch (error) {
  report.error = error.message.split('\n')[0];
} finally {
  await browser.close();
}
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(report.error ? 1 : 0));

async function look(variant) {
  const context = await browser.newContext({
    viewport: { width: variant.width, height: 900 }, locale: variant.language, colorScheme: variant.scheme,
  });
  await context.addCookies(told.cookies);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => report.faults.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) report.faults.push(`${page.url()}: ${message.text()}`);
  });
  for (const [index, wanted] of told.pages.entries()) {
    let answer = await page.goto(wanted.url, { waitUntil: 'load' });
    for (const [selector, text] of Object.entries(wanted.fill ?? {})) await page.fill(selector, text);
    if (wanted.press) {
      [answer] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(wanted.press)]);
    }
    // Everything that is folded away is looked at, too.
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await page.evaluate(AXE);
    const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), RULES);
    report.seen.push({
      url: wanted.url,
      variant: `${variant.language} ${variant.scheme} ${variant.width}`,
      status: answer?.status() ?? 0,
      title: await page.title(),
      wider: await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
      violations: violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html.slice(0, 200)) })),
    });
    if (told.screenshots) {
      const name = `${String(index).padStart(2, '0')}-${variant.language}-${variant.scheme}-${variant.width}.png`;
      await page.screenshot({ path: `${told.screenshots}/${name}`, fullPage: true });
    }
  }
  await context.close();
}
