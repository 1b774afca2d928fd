import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { unzipSync } from "fflate";
import { createTestHarness } from "wrangler";
import { buildAssets } from "../../scripts/build-assets.mjs";

/**
 * The production bundle in real workerd, where eval and the Function constructor throw. Touches every
 * dependency that could generate code: zod, drizzle, CEL, hono-openapi, pkijs, bwip-js, uqr, Temporal.
 */

const folder = mkdtempSync(join(tmpdir(), "wepass-smoke-"));
const adminToken = "wpa_smoke";
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const formats = {
  qr: "x",
  pdf417: "x",
  aztec: "x",
  code128: "x",
  code39: "X",
  codabar: "A1B",
  ean13: "590123412345",
  itf14: "1234567890123",
  ean8: "1234567",
  upcA: "12345678901",
  dataMatrix: "x",
};

let server;
let worker;

before(async () => {
  await buildAssets(process.cwd());
  writeFileSync(
    join(folder, "vars.env"),
    `MASTER_KEY=${Buffer.alloc(32, 7).toString("base64")}\nADMIN_TOKEN=${adminToken}\n`,
  );
  server = createTestHarness({
    workers: [
      {
        configPath: "wrangler.toml",
        secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken },
      },
    ],
  });
  await server.listen();
  worker = server.getWorker();
  await worker.applyD1Migrations("CONTROL_DB");
  await worker.applyD1Migrations("DATA_DB");
});

after(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method, path, { token, body } = {}) {
  const response = await server.fetch(`http://localhost:8787${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response;
}

describe("the production bundle", () => {
  let token;
  let pass;

  it("issues a pass with computed values, and signs it so that OpenSSL agrees", async () => {
    const tenant = await (
      await call("POST", "/admin/tenants", { token: adminToken, body: { name: "Smoke", timeZone: "Europe/Berlin" } })
    ).json();
    token = tenant.apiKey.token;
    const template = {
      name: "Smoke",
      style: "generic",
      organizationName: "Smoke",
      description: "Smoke",
      images: { icon: { "1x": pixel } },
      fields: [
        { key: "points", type: "number", position: "header", default: 5 },
        { key: "tier", type: "text", position: "secondary", expression: 'points > 3 ? "Gold" : "Silver"' },
        { key: "at", type: "dateTime", position: "back", timeZone: "Europe/Berlin", default: "2026-05-01T18:30:00Z" },
      ],
      barcode: { format: "qr", message: "{{pass.id}}" },
      expiration: { type: "relative", duration: "P1Y" },
      semantics: { eventName: "Smoke" },
    };
    const created = await call("POST", "/v2/templates", { token, body: template });
    assert.equal(created.status, 201, await created.clone().text());
    const { id: templateId } = await created.json();
    const issued = await call("POST", "/v2/passes", { token, body: { templateId } });
    assert.equal(issued.status, 201, await issued.clone().text());
    pass = await issued.json();
    const file = await call("GET", `/v2/passes/${pass.id}/pkpass`, { token });
    assert.equal(file.status, 200);
    const entries = unzipSync(new Uint8Array(await file.arrayBuffer()));
    assert.match(Buffer.from(entries["pass.json"]).toString(), /"Gold"/);
    writeFileSync(join(folder, "manifest.json"), entries["manifest.json"]);
    writeFileSync(join(folder, "signature"), entries.signature);
    writeFileSync(join(folder, "ca.pem"), await (await call("GET", "/sandbox/authority.pem")).text());
    const verified = spawnSync(
      "openssl",
      [
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "signature",
        "-content",
        "manifest.json",
        "-binary",
        "-CAfile",
        "ca.pem",
        "-purpose",
        "any",
        "-out",
        "/dev/null",
      ],
      { cwd: folder, encoding: "utf8" },
    );
    assert.equal(verified.status, 0, verified.stderr);
  });

  it("draws every barcode format", async () => {
    for (const [format, message] of Object.entries(formats)) {
      const patched = await call("PATCH", `/v2/passes/${pass.id}`, {
        token,
        body: { overrides: { barcode: { format, message } } },
      });
      assert.equal(patched.status, 200, await patched.clone().text());
      const page = await (await call("GET", `/v2/passes/${pass.id}/preview`, { token })).text();
      assert.match(page, /<svg/, format);
    }
  });

  it("serves home, docs, viewer, problem pages and a document that redocly accepts", async () => {
    for (const path of ["/", "/docs", "/docs/scalar.js", "/problems/not-found"]) {
      const response = await call("GET", path);
      assert.equal(response.status, 200, path);
      await response.arrayBuffer();
    }
    const document = join(folder, "openapi.json");
    writeFileSync(document, await (await call("GET", "/v2/openapi.json")).text());
    // The sign-up redirect has no answer but a redirect; that each operation has a 2xx or 3xx one, document.test.ts asserts.
    // /healthz refuses nobody; the codes of every other operation errors.test.ts provokes.
    const rules = "rules:\n  operation-2xx-response: off\n  operation-4xx-response: off\n";
    writeFileSync(join(folder, "redocly.yaml"), `extends: [recommended-strict]\n${rules}telemetry: off\n`);
    const linted = spawnSync(
      "npm",
      ["exec", "--", "redocly", "lint", document, "--config", join(folder, "redocly.yaml")],
      {
        encoding: "utf8",
        env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      },
    );
    assert.equal(linted.status, 0, linted.stdout + linted.stderr);
    assert.ok(readFileSync(document).length > 10_000);
  });

  it("runs its schedule", async () => {
    await worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() });
  });
});
