// Uses the documentation page as people do, and prints what it saw as JSON.
// What it should have seen, browser_test.go knows.

import { chromium } from "playwright-core";

import { violations } from "./accessibility.mjs";
import { authorize, execute, open, operation, snippets } from "./page.mjs";
import { authorizeWithKeyboard, executeWithKeyboard } from "./keyboard.mjs";

const {
  CHROMIUM: executablePath,
  NET_LOG: netLog,
  SCREENSHOT: screenshot,
  ADDRESS: address,
  ADDRESS_BELOW_PREFIX: addressBelowPrefix,
  ADDRESS_WITHOUT_SANDBOX: addressWithoutSandbox,
  FORBIDDEN_ACCOUNT: forbiddenAccount,
  CLIENT_ID: id,
  CLIENT_SECRET: secret,
} = process.env;
const credentials = { id, secret };

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // The browser has errands of its own. They must not leave this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    `--log-net-log=${netLog}`,
  ],
});
const report = { console: [], violations: {} };

async function newPage() {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => {
    report.console.push({ type: message.type(), text: message.text(), url: message.location().url });
  });
  page.on("pageerror", (error) => report.console.push({ type: "exception", text: error.stack, url: page.url() }));
  return page;
}

async function tryCalls() {
  const page = await newPage();
  await open(page, address);
  report.violations.opened = await violations(page);
  report.snippetsBefore = await snippets(page);
  await authorize(page, credentials, async () => {
    report.violations.authorizing = await violations(page);
  });
  report.granted = await execute(page);
  report.violations.answered = await violations(page);
  report.snippetsAfter = await snippets(page);
  report.filtered = await execute(page, { filter: "status eq 'FAILED'", order_by: "updated_at:desc" });
  await photograph(page);
  report.refused = await execute(page, { account_id: forbiddenAccount });
  await page.close();
}

// photograph takes a picture of the operation, from its top to the end of the
// answer.
async function photograph(page) {
  const top = await operation(page).boundingBox();
  const end = await operation(page).locator(".live-responses-table").boundingBox();
  const scrolled = await page.evaluate(() => window.scrollY);
  const clip = { x: 0, y: top.y + scrolled - 4, width: 1200, height: end.y + end.height - top.y + 14 };
  await page.mouse.move(0, 0);
  await page.screenshot({ path: screenshot, fullPage: true, clip });
}

async function beRefusedAToken() {
  const page = await newPage();
  await open(page, address);
  await page.getByRole("button", { name: "Authorize", exact: true }).click();
  await page.getByLabel("client_id:").fill(id);
  await page.getByLabel("client_secret:").fill("wrong");
  await page.getByRole("button", { name: "Authorize with these credentials" }).click();
  report.refusal = await page.getByRole("dialog").locator(".errors").innerText();
  await page.close();
}

async function tryCallWithKeyboard() {
  const page = await newPage();
  await open(page, address);
  await authorizeWithKeyboard(page, credentials);
  report.withKeyboard = await executeWithKeyboard(page);
  await page.close();
}

async function tryCallBelowPrefix() {
  const page = await newPage();
  await open(page, addressBelowPrefix);
  await authorize(page, credentials);
  report.belowPrefix = await execute(page);
  await page.close();
}

async function readWithoutSandbox() {
  const page = await newPage();
  await open(page, addressWithoutSandbox);
  report.withoutSandbox = {
    snippets: await snippets(page),
    buttons: await page.getByRole("button").allInnerTexts(),
  };
  report.violations.withoutSandbox = await violations(page);
  await page.close();
}

// readText opens what hides notes, and takes all text of the page.
async function readText() {
  const page = await newPage();
  await open(page, address);
  await page.getByRole("button", { name: "ContractActionStatus", exact: true }).click();
  await page.getByRole("button", { name: "Authorize", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  report.text = await page.locator("body").innerText();
  await page.close();
}

async function readInNarrowWindow() {
  const page = await newPage();
  await page.setViewportSize({ width: 360, height: 800 });
  await open(page, address);
  report.narrow = await page.evaluate(() => ({
    window: window.innerWidth,
    page: document.documentElement.scrollWidth,
  }));
  report.violations.narrow = await violations(page);
  await page.close();
}

async function readIndex() {
  const page = await newPage();
  await page.goto(`${addressBelowPrefix}/`);
  report.violations.index = await violations(page);
  await page.getByRole("link", { name: "docs" }).click();
  report.linkOfIndex = page.url();
  await page.close();
}

try {
  await tryCalls();
  await beRefusedAToken();
  await tryCallWithKeyboard();
  await tryCallBelowPrefix();
  await readWithoutSandbox();
  await readText();
  await readInNarrowWindow();
  await readIndex();
} finally {
  await browser.close();
}
console.log(JSON.stringify(report));
