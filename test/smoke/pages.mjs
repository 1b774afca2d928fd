import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium } from "playwright-core";
import { createTestHarness } from "wrangler";
import { buildAssets } from "../../scripts/build-assets.mjs";
import { demoTemplates } from "../../scripts/seed/templates.mjs";

/**
 * The pages in a real Chromium: they load nothing from other hosts, log no error, and show what they
 * promise. `WEPASS_SCREENSHOTS=folder` keeps a picture of each.
 */

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
const skip = executablePath ? false : "no Chromium on this machine (apt-get install chromium)";
const publicUrl = "http://localhost:8787";
const adminToken = "wpa_pages";
const screenshots = process.env.WEPASS_SCREENSHOTS;

let server;
let url;
let browser;
let passes = [];
let token;

async function send(method, path, body, bearer) {
  const response = await server.fetch(`${publicUrl}${path}`, {
    method,
    headers: { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} → ${response.status} ${text}`);
  return text && /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
}

/** Opens a page whose every request goes to the harness; answers what it asked of other hosts, and its errors. */
async function open(path, { width = 900, height = 1000 } = {}) {
  const page = await browser.newPage({ viewport: { width, height } });
  const foreign = [];
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.route("**/*", async (route) => {
    const asked = new URL(route.request().url());
    if (["data:", "blob:"].includes(asked.protocol)) return route.continue();
    if (asked.origin !== publicUrl) {
      foreign.push(asked.href);
      return route.abort();
    }
    const response = await route.fetch({ url: new URL(asked.pathname + asked.search, url).href });
    return route.fulfill({ response });
  });
  const response = await page.goto(`${publicUrl}${path}`, { waitUntil: "networkidle" });
  return { page, status: response.status(), foreign, errors };
}

async function keep(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

describe("pages in Chromium", { skip }, () => {
  before(async () => {
    await buildAssets(process.cwd());
    const secrets = { MASTER_KEY: Buffer.alloc(32, 9).toString("base64"), ADMIN_TOKEN: adminToken };
    server = createTestHarness({ workers: [{ configPath: "wrangler.toml", secrets }] });
    ({ url } = await server.listen());
    await server.getWorker().applyD1Migrations("CONTROL_DB");
    await server.getWorker().applyD1Migrations("DATA_DB");
    const tenant = await send("POST", "/admin/tenants", { name: "Pages", timeZone: "Europe/Berlin" }, adminToken);
    token = tenant.apiKey.token;
    for (const { template, pass } of demoTemplates()) {
      const { id } = await send("POST", "/v2/templates", template, token);
      passes.push(await send("POST", "/v2/passes", { ...pass, templateId: id }, token));
    }
    await send("PUT", "/admin/showcase", { tenantId: tenant.id, passIds: passes.map(({ id }) => id) }, adminToken);
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

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it("the home page shows the five passes with their pictures, the docs and a command", async () => {
    const { page, status, foreign, errors } = await open("/", { width: 1200 });
    assert.deepEqual([status, foreign, errors], [200, [], []]);
    for (const pass of passes) assert.equal(await page.locator(`a[href="${pass.links.page}"]`).count(), 1);
    assert.match(await page.locator("pre").innerText(), /^curl .*\$WEPASS_KEY/s);
    const broken = await page.evaluate(() => [...document.images].filter((image) => image.naturalWidth === 0).length);
    assert.equal(broken, 0);
    assert.ok((await page.locator("img").count()) >= 5);
    await keep(page, "home");
    await page.close();
  });

  it("every style's pass is drawn front and back, on a desk and on a phone", async () => {
    for (const pass of passes) {
      for (const [device, size] of Object.entries({ desk: {}, phone: { width: 375, height: 812 } })) {
        const { page, status, foreign, errors } = await open(new URL(pass.links.page).pathname, size);
        assert.deepEqual([status, foreign, errors], [200, [], []]);
        assert.ok((await page.locator("svg").count()) >= 1, "a barcode is drawn");
        assert.equal(await page.locator(`a[href="${pass.links.apple}"]`).count(), 1);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        assert.equal(sideways, false, "nothing hangs over the edge");
        await keep(page, `${pass.externalId}-${device}`);
        await page.close();
      }
    }
  });

  it("the docs load nothing from other hosts and list the operations", async () => {
    const { page, status, foreign, errors } = await open("/docs", { width: 1300 });
    assert.deepEqual([status, foreign, errors], [200, [], []]);
    await page.getByText("Read the account").first().waitFor({ timeout: 15_000 });
    await keep(page, "docs");
    await page.close();
  });

  it("a problem page and a closed link explain themselves", async () => {
    const problem = await open("/problems/version-mismatch");
    assert.deepEqual([problem.status, problem.foreign, problem.errors], [200, [], []]);
    assert.match(await problem.page.innerText("body"), /version_mismatch/);
    await keep(problem.page, "problem");
    await problem.page.close();
    const [pass] = passes;
    await send("DELETE", `/v2/passes/${pass.id}`, null, token);
    const gone = await open(new URL(pass.links.page).pathname);
    assert.equal(gone.status, 410);
    assert.deepEqual(gone.foreign, []);
    await keep(gone.page, "gone");
    await gone.page.close();
  });
});
