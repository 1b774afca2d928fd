import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { demoTemplates } from "../../scripts/seed/templates.mjs";
import { createApi } from "../../scripts/start/api.mjs";
import "../../scripts/support/typescript.mjs";
import { newWorkerProcess } from "./support/worker-process.mjs";

const { newSigner } = await import("../support/google-callbacks.ts");

/**
 * Google's callbacks over HTTP, to a Worker that is a process of its own: 200 deliveries of one message, amid which it is
 * killed and started again, and those that the buttons of the simulated Google Wallet cause in Chromium.
 * `WEPASS_SCREENSHOTS=folder` keeps pictures of the save page.
 */

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
const skip = executablePath ? false : "no Chromium on this machine (apt-get install chromium)";
const screenshots = process.env.WEPASS_SCREENSHOTS;
const folder = mkdtempSync(join(tmpdir(), "wepass-callbacks-"));
const signer = await newSigner();

let keyServer;
let keysDocument;
let worker;
let api;
let tenant;
let issuerId;
let templateId;

before(async () => {
  keyServer = createServer(answerKeys).listen(0, "127.0.0.1");
  await once(keyServer, "listening");
  const keysUrl = `http://127.0.0.1:${keyServer.address().port}/keys`;
  worker = await newWorkerProcess(folder, { GOOGLE_CALLBACK_KEYS_URL: keysUrl });
  await worker.start();
  const simulated = await (await fetch(`${worker.url}/simulator/google/gp/m/issuer/keys`)).json();
  // Google's root keys: the one that the simulator signs under, and ours.
  keysDocument = { keys: [...simulated.keys, ...signer.keysDocument.keys] };
  tenant = await worker.admin.ask("POST", "/admin/tenants", { name: "Callbacks" });
  api = createApi(worker.url, tenant.apiKey.token);
  ({ issuerId } = await api.ask("GET", "/v2/google/account"));
  const [{ template }] = demoTemplates();
  ({ id: templateId } = await api.ask("POST", "/v2/templates", template));
  // Of no kind that is known: it changes nothing, but brings the keys.
  const unknown = await signer.sign({ issuerId, message: { eventType: "unknown" } });
  assert.equal((await deliver(unknown)).status, 204);
});

after(async () => {
  await worker?.kill();
  keyServer?.closeAllConnections();
  keyServer?.close();
  rmSync(folder, { recursive: true, force: true });
});

function answerKeys(_, response) {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "public, max-age=3600" });
  response.end(JSON.stringify(keysDocument));
}

function newPass() {
  const [{ pass }] = demoTemplates();
  return api.ask("POST", "/v2/passes", { templateId, values: pass.values });
}

/** What is counted of a pass at Google, and of the whole account, as `[active, total]`. */
async function countsOf({ id }) {
  const { installs } = await api.ask("GET", `/v2/passes/${id}`);
  const { usage } = await api.ask("GET", "/v2/account");
  const { active, total } = installs.google;
  return { pass: [active, total], account: [usage.installsActive, usage.installsTotal] };
}

/** Type and data of the events about installations of a pass, the oldest first. */
async function installationsOf({ id }) {
  const { data } = await api.ask("GET", "/v2/events?limit=100");
  return data
    .filter((event) => event.passId === id && /^pass\.(un)?installed$/.test(event.type))
    .map((event) => [event.type, event.data])
    .reverse();
}

/** One message, and what became of it when the Worker was killed. */
let interrupted;

const deliveries = 200;
const many = (send) => Promise.all(Array.from({ length: deliveries }, send));

/** The answer's status, and after how many seconds to come again; null if there is no answer. */
async function deliver(body) {
  try {
    const headers = { "content-type": "application/json", connection: "close" };
    const answer = await fetch(`${worker.url}/api/${tenant.id}/passes/google`, { method: "POST", headers, body });
    await answer.arrayBuffer();
    return { status: answer.status, retryAfterSeconds: Number(answer.headers.get("retry-after")) };
  } catch {
    return null;
  }
}

describe("a Worker that is killed amid 200 deliveries of one message", () => {
  it("R263 starts again, and has counted it or not", async () => {
    const pass = await newPass();
    const message = { classId: `${issuerId}.${templateId}.1.0123456789abcdef0123`, objectId: `${issuerId}.${pass.id}` };
    const body = await signer.sign({ issuerId, message });
    const killed = [];
    const answers = await many(async () => {
      const answer = await deliver(body);
      // Which says that the message is claimed, or counted; then all of the others are on their way.
      if (answer && killed.length === 0) killed.push(worker.kill());
      return answer;
    });
    await Promise.all(killed);
    assert.ok(answers.includes(null), "some got no answer");
    await worker.start();

    const [counted] = (await countsOf(pass)).pass;
    assert.equal((await installationsOf(pass)).length, counted);
    const { status, retryAfterSeconds } = await deliver(body);
    if (counted === 0) assert.ok([200, 503].includes(status), `${status}`);
    else assert.ok([204, 503].includes(status), `${status}`);
    if (status === 503) assert.ok(retryAfterSeconds > 0 && retryAfterSeconds <= 15, "as long as a claim is leased");
    interrupted = { pass, body, retryAt: Date.now() + retryAfterSeconds * 1000 };
  });
});

describe("Save and Remove in Chromium", { skip }, () => {
  let browser;

  before(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });

  after(() => browser?.close());

  /** The page says then that the callback was answered with 200. */
  async function press(page, name, eventType) {
    await page.getByRole("button", { name }).click();
    await page.locator(".callbacks li").filter({ hasText: eventType }).waitFor();
    const latest = await page.locator(".callbacks li").first().innerText();
    assert.ok(latest.startsWith(`${eventType} answered 200`), latest);
    assert.ok(latest.includes(`${worker.url}/api/${tenant.id}/passes/google`), latest);
    if (!screenshots) return;
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `google-${eventType}.png`), fullPage: true });
  }

  it("R260 R261 R264 R266 R267 R176 R177 move the counts of pass and account, with an event for each", async () => {
    const pass = await newPass();
    const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(pass.links.google);
    assert.match(page.url(), /\/simulator\/google\/gp\/v\/save\//);
    assert.equal(await page.locator(".callbacks li").count(), 0);
    const { pass: none, account } = await countsOf(pass);
    assert.deepEqual(none, [0, 0]);
    const [active, total] = account;

    await press(page, "Save", "save");
    assert.deepEqual(await countsOf(pass), { pass: [1, 1], account: [active + 1, total + 1] });
    await press(page, "Remove", "del");
    assert.deepEqual(await countsOf(pass), { pass: [0, 1], account: [active, total + 1] });

    assert.deepEqual(await installationsOf(pass), [
      ["pass.installed", { wallet: "google" }],
      ["pass.uninstalled", { wallet: "google" }],
    ]);
    assert.deepEqual(errors, []);
    await page.close();
  });
});

describe("the message that was interrupted", () => {
  it("R263 R265 is taken by all deliveries when its claim has run out, and counted once", async () => {
    const { pass, body, retryAt } = interrupted;
    // The tests in between have used up most of it.
    await sleep(Math.max(0, retryAt - Date.now()));
    const { status } = await deliver(body);
    assert.ok([200, 204].includes(status), `${status}`);
    const statuses = (await many(() => deliver(body))).map((answer) => answer?.status);
    assert.deepEqual(new Set(statuses), new Set([204]));
    // The account has the pass that was saved and removed, too.
    assert.deepEqual(await countsOf(pass), { pass: [1, 1], account: [1, skip ? 1 : 2] });
    assert.deepEqual(await installationsOf(pass), [["pass.installed", { wallet: "google" }]]);
  });
});
