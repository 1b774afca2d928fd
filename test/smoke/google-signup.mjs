import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium } from "playwright-core";
import { createApi } from "../../scripts/start/api.mjs";
import { newWorkerProcess } from "./support/worker-process.mjs";

/**
 * docs/google-signup.md as it stands: its commands against a Worker, and its pages in Chromium, which comes to them by a
 * form, as from Google Wallet.
 */

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);
const skip = executablePath ? false : "no Chromium on this machine (apt-get install chromium)";
const folder = mkdtempSync(join(tmpdir(), "wepass-signup-"));
const guide = readFileSync(join(import.meta.dirname, "../../docs/google-signup.md"), "utf8");
const [queryPage, tokenPage] = blocks("html");
const [setUp, tryIt, redeemIt] = blocks("bash");
const profile = Buffer.from('{"FIRST_NAME":"Zoë","LAST_NAME":"Winter","EMAIL":"zoe@example.com"}').toString("base64");
const shared = { firstName: "Zoë", lastName: "Winter", email: "zoe@example.com" };

const adminToken = "wpa_signup";

let worker;
let admin;
let tenant;
let browser;
let shop;
let shopUrl;
/** What the shop's server was asked, and with which Referer. */
const asked = [];
/** The page that the shop has at the moment. */
let shown;

function blocks(language) {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text]) => text);
}

/** With the addresses of this run in place of the document's. */
const here = (text) =>
  text
    .replaceAll("https://api.example.com", worker.url)
    .replaceAll("https://fernfinch.example", shopUrl)
    .replaceAll("$TENANT_ID", tenant.id);

const run = (command) =>
  execFileSync("bash", ["-euc", here(command)], {
    env: { ...process.env, WEPASS_URL: worker.url, ADMIN_TOKEN: adminToken },
  }).toString();

before(async () => {
  worker = await newWorkerProcess(folder, { ADMIN_TOKEN: adminToken });
  await worker.start();
  admin = createApi(worker.url, adminToken);
  shop = createServer((request, response) => {
    if (request.url !== "/favicon.ico") asked.push(`${request.method} ${request.url} ${request.headers.referer}`);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(shown);
  }).listen(0, "127.0.0.1");
  await once(shop, "listening");
  shopUrl = `http://localhost:${shop.address().port}`;
  tenant = await admin.ask("POST", "/admin/tenants", { name: "Fern & Finch Coffee" });
  browser = skip ? null : await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  await worker?.kill();
  shop?.closeAllConnections();
  shop?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Posts the form from a page of another origin; answers what the shop's form holds then, and where the browser is. */
async function signUp(page, path = "/join") {
  shown = here(page);
  asked.length = 0;
  const opened = await browser.newPage();
  const errors = [];
  opened.on("pageerror", (error) => errors.push(error.message));
  opened.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const action = `${worker.url}/api/${tenant.id}/passes/google/signup?url=${encodeURIComponent(path)}`;
  await opened.setContent(
    `<form method="post" action="${action}"><input name="userProfile" value="${profile}"><button>Continue</button></form>`,
  );
  await opened.getByRole("button").click();
  await opened.waitForURL(`${shopUrl}/**`, { waitUntil: "networkidle" });
  const values = await opened.locator("#join").evaluate((form) => Object.fromEntries(new FormData(form)));
  const address = opened.url();
  await opened.reload({ waitUntil: "networkidle" });
  const reloaded = await opened.locator("#join").evaluate((form) => Object.fromEntries(new FormData(form)));
  await opened.close();
  assert.deepEqual(errors, []);
  return { values, address, reloaded };
}

describe("the sign-up guide", { skip }, () => {
  it("R273 sets an account up by its command, and leads to the page by the other", () => {
    assert.equal(JSON.parse(run(setUp)).publicUri, `${shopUrl}/app`);
    assert.match(run(tryIt), new RegExp(`^303 ${shopUrl}/app/join\\?prefill=[0-9A-Za-z]{32}\n$`));
  });

  it("R273 fills in the form for a token, which alone the shop's server sees, without a Referer", async () => {
    run(setUp);
    const { values, address, reloaded } = await signUp(tokenPage, "/join?campaign=wallet");
    assert.deepEqual(values, shared);
    assert.equal(address, `${shopUrl}/app/join?campaign=wallet`);
    assert.equal(asked.length, 2);
    assert.match(asked[0], /^GET \/app\/join\?campaign=wallet&prefill=[0-9A-Za-z]{32} undefined$/);
    assert.deepEqual(reloaded, { firstName: "", lastName: "", email: "" });
  });

  it("R273 fills in the form from the query, and takes the values out of the address", async () => {
    run(setUp.replace('"token"', '"query"'));
    const { values, address } = await signUp(queryPage, "/join?campaign=wallet#form");
    assert.deepEqual(values, shared);
    assert.equal(address, `${shopUrl}/app/join?campaign=wallet#form`);
    const query = "campaign=wallet&firstName=Zo%C3%AB&lastName=Winter&email=zoe%40example.com";
    assert.equal(asked[0], `GET /app/join?${query} undefined`);
  });

  it("R273 redeems a token by its command, once", () => {
    run(setUp);
    const [, token] = /prefill=(\w+)/.exec(run(tryIt));
    const redeem = redeemIt.replace(/"token": "\w+"/, `"token": "${token}"`);
    assert.deepEqual(JSON.parse(run(redeem)), { object: "signupPrefill", ...shared });
    assert.equal(JSON.parse(run(redeem)).code, "not_found");
  });

  it("R273 lets no other origin redeem", async () => {
    run(setUp);
    const [, token] = /prefill=(\w+)/.exec(run(tryIt));
    const page = await browser.newPage();
    // Another host is another origin.
    await page.goto(`${shopUrl.replace("localhost", "127.0.0.1")}/app`);
    const outcome = await page.evaluate(
      async ([address, sent]) => {
        const body = JSON.stringify({ token: sent });
        const headers = { "Content-Type": "application/json" };
        return fetch(address, { method: "POST", headers, body }).then(
          ({ status }) => status,
          ({ name }) => name,
        );
      },
      [`${worker.url}/api/${tenant.id}/passes/google/signup/redeem`, token],
    );
    await page.close();
    assert.equal(outcome, "TypeError");
    // It was not even sent.
    const redeem = redeemIt.replace(/"token": "\w+"/, `"token": "${token}"`);
    assert.equal(JSON.parse(run(redeem)).object, "signupPrefill");
  });

  it("R269 makes a class with its template at Google", async () => {
    const [google] = blocks("json").map((text) => JSON.parse(here(text)).google);
    const key = await admin.ask("POST", `/admin/tenants/${tenant.id}/api-keys`, { name: "Guide" });
    const api = createApi(worker.url, key.token);
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const template = await api.ask("POST", "/v2/templates", {
      name: "Programme",
      style: "storeCard",
      organizationName: "Fern & Finch Coffee",
      description: "Programme",
      images: { icon: { "1x": pixel } },
      fields: [{ key: "points", label: "Points", type: "number", position: "header", default: 0 }],
      google,
    });
    const pass = await api.ask("POST", "/v2/passes", { templateId: template.id });
    assert.equal((await api.send("GET", new URL(pass.links.google).pathname)).status, 302);
    const { google: atGoogle } = await api.ask("GET", `/v2/passes/${pass.id}`);
    assert.equal(atGoogle.failure, null);
    assert.deepEqual(template.google.class.discoverableProgram, google.class.discoverableProgram);
  });
});
