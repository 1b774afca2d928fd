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
 * The way to a first real pass in a production bundle, with OpenSSL in the place of Apple's portal: it takes our
 * request, issues the certificate, and verifies the pass that is signed under it.
 */

const folder = mkdtempSync(join(tmpdir(), "wepass-certificates-"));
const adminToken = "wpa_smoke";
const origin = "https://api.example.com";
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const extensions = `basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,clientAuth,1.2.840.113635.100.4.14
1.2.840.113635.100.6.1.16 = ASN1:UTF8String:pass.com.example.fern
`;
const subject = "/UID=pass.com.example.fern/CN=Pass Type ID: pass.com.example.fern/OU=A1B2C3D4E5/O=Fern and Finch/C=US";

let server;
let worker;
let token;

function openssl(...args) {
  const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout + stderr;
}

const file = (name) => readFileSync(join(folder, name));

before(async () => {
  await buildAssets(process.cwd());
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Stand-in",
    "-days",
    "30",
  );
  writeFileSync(join(folder, "pass.ext"), extensions);
  const fingerprint = /=(.*)/.exec(openssl("x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha256"))[1];
  server = createTestHarness({
    workers: [
      {
        configPath: "wrangler.toml",
        env: "production",
        vars: { PUBLIC_URL: origin, APPLE_WWDR_SHA256: fingerprint },
        secrets: { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken },
      },
    ],
  });
  await server.listen();
  worker = server.getWorker();
  await worker.applyD1Migrations("CONTROL_DB");
  await worker.applyD1Migrations("DATA_DB");
  const tenant = await call("POST", "/admin/tenants", { name: "Smoke" }, adminToken);
  token = tenant.apiKey.token;
});

after(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(method, path, body, as = token) {
  const raw = body instanceof Uint8Array;
  return worker.fetch(`${origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${as}`,
      ...(body && { "content-type": raw ? "application/octet-stream" : "application/json" }),
    },
    ...(body && { body: raw ? body : JSON.stringify(body) }),
  });
}

async function call(method, path, body, as) {
  const response = await send(method, path, body, as);
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} ${response.status} ${text}`);
  return JSON.parse(text);
}

/** What Apple's portal does with a request. */
function issue(request, certificate) {
  openssl(
    "x509",
    "-req",
    "-in",
    request,
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-subj",
    subject,
    "-extfile",
    "pass.ext",
    "-days",
    "20",
    "-out",
    certificate,
  );
}

async function verifyNewPass() {
  const { id: templateId } = await call("POST", "/v2/templates", {
    name: "Smoke",
    style: "generic",
    organizationName: "Smoke",
    description: "Smoke",
    images: { icon: { "1x": pixel, "2x": pixel } },
  });
  const pass = await call("POST", "/v2/passes", { templateId });
  assert.match(pass.links.apple, /^https:\/\/api\.example\.com\//);
  const response = await send("GET", `/v2/passes/${pass.id}/pkpass`);
  assert.equal(response.status, 200);
  const entries = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const { passTypeIdentifier, teamIdentifier } = JSON.parse(Buffer.from(entries["pass.json"]).toString());
  assert.deepEqual([passTypeIdentifier, teamIdentifier], ["pass.com.example.fern", "A1B2C3D4E5"]);
  for (const name of ["manifest.json", "signature"]) writeFileSync(join(folder, name), entries[name]);
  const input = ["-inform", "DER", "-in", "signature", "-content", "manifest.json", "-binary"];
  openssl("cms", "-verify", ...input, "-CAfile", "ca.pem", "-purpose", "any", "-out", "verified");
}

describe("certificates of production", () => {
  it("come by a request that OpenSSL verifies, and sign passes that it verifies", async () => {
    const request = await call("POST", "/v2/apple/certificate-requests", { emailAddress: "wallet@example.com" });
    const csr = await send("GET", `/v2/apple/certificate-requests/${request.id}/csr`);
    writeFileSync(join(folder, "request.csr"), await csr.text());
    assert.match(openssl("req", "-in", "request.csr", "-verify", "-noout"), /verify OK/);
    assert.match(
      openssl("req", "-in", "request.csr", "-noout", "-subject"),
      /emailAddress = wallet@example.com, CN = Smoke/,
    );
    issue("request.csr", "pass.pem");
    openssl("x509", "-in", "pass.pem", "-outform", "DER", "-out", "pass.cer");
    const body = { certificate: file("pass.cer").toString("base64"), issuerCertificate: file("ca.pem").toString() };
    const activated = await call("PUT", `/v2/apple/certificate-requests/${request.id}/certificate`, body);
    assert.equal(activated.passTypeIdentifier, "pass.com.example.fern");
    await verifyNewPass();
  });

  it("come from legacy PKCS#12 by the command that the refusal names", async () => {
    openssl("genrsa", "-out", "own.key", "2048");
    openssl("req", "-new", "-key", "own.key", "-subj", "/CN=x", "-out", "own.csr");
    issue("own.csr", "own.pem");
    const pair = ["-inkey", "own.key", "-in", "own.pem", "-certfile", "ca.pem"];
    openssl("pkcs12", "-export", "-legacy", ...pair, "-passout", "pass:geheim", "-out", "old.p12");
    const refused = await send("POST", "/v2/apple/certificates", {
      pkcs12: file("old.p12").toString("base64"),
      password: "geheim",
    });
    const { errors } = await refused.json();
    assert.equal(errors[0].code, "legacy_pkcs12");
    const command = /openssl pkcs12 .*/.exec(errors[0].detail)[0];
    // What a person types when asked.
    const answered = command
      .replace("-in old.p12", "-in old.p12 -passin pass:geheim")
      .replace("-out modern.p12", "-out modern.p12 -passout pass:neu");
    const { status, stderr } = spawnSync("sh", ["-c", answered], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const body = { pkcs12: file("modern.p12").toString("base64"), password: "neu" };
    const imported = await call("POST", "/v2/apple/certificates", body);
    assert.equal(imported.passTypeIdentifier, "pass.com.example.fern");
    await verifyNewPass();
  });
});
