import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import "../../scripts/support/typescript.mjs";
import { demoTemplates } from "../../scripts/seed/templates.mjs";

const { createPack } = await import("../../src/pkpass/archive.ts");
const { packagePass } = await import("../../src/pkpass/package.ts");
const { toPem } = await import("../../src/pkpass/pem.ts");
const { generateSandboxKeys, issueAuthorityCertificate, issuePassCertificate } =
  await import("../../src/pkpass/sandbox-authority.ts");
const { createSigner } = await import("../../src/pkpass/sign.ts");

const folder = mkdtempSync(join(tmpdir(), "wepass-doctor-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name) => join(folder, name);

function wepass(args, { input, env = {}, node = [] } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, "scripts/wepass.mjs", ...args], {
    encoding: "utf8",
    input,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** Two passes of a sandbox: one as it should be, one with a picture that is none. */
async function makePasses() {
  const keys = await generateSandboxKeys();
  const now = new Date();
  const issuerCertificate = await issueAuthorityCertificate(keys.authority, now);
  const identity = { passTypeIdentifier: "pass.com.example.fern", teamIdentifier: "A1B2C3D4E5" };
  const authority = { certificate: issuerCertificate, privateKey: keys.authority.privateKey };
  const certificate = await issuePassCertificate(authority, keys.leaf.publicKey, identity, now);
  const signer = await createSigner({ certificate, issuerCertificate, key: keys.leaf.privateKey });
  const passJson = {
    formatVersion: 1,
    ...identity,
    serialNumber: "4711",
    organizationName: "Fern & Finch Coffee",
    description: "Loyalty card",
    webServiceURL: "http://localhost:8787/apple/K7X2M9QA",
    authenticationToken: "0123456789abcdef",
    storeCard: { primaryFields: [{ key: "points", value: 42 }] },
  };
  const { icon } = demoTemplates()[0].template.images;
  const picture = (density) => new Uint8Array(Buffer.from(icon[density], "base64"));
  const images = { "icon.png": picture("1x"), "icon@2x.png": picture("2x"), "icon@3x.png": picture("3x") };
  const pack = (files) => packagePass(passJson, createPack(files), signer, now);
  writeFileSync(file("good.pkpass"), await pack(images));
  writeFileSync(file("bad.pkpass"), await pack({ ...images, "icon.png": Buffer.from("<svg/>") }));
  writeFileSync(file("authority.pem"), toPem("CERTIFICATE", issuerCertificate));
}

before(makePasses);

describe("wepass doctor", () => {
  it("R222 finds nothing in a pass of the sandbox whose authority it is given, and ends with 0", () => {
    const { status, stdout } = wepass(["doctor", file("good.pkpass"), "--authority", file("authority.pem")]);
    assert.equal(status, 0);
    assert.match(stdout, /a pass \(storeCard; pass\.com\.example\.fern; serial number 4711;/);
    assert.match(stdout, /Nothing is wrong with it\.\n$/);
  });

  it("R222 says of a sandbox pass by one error that no phone opens it, and ends with 1", () => {
    const { status, stdout } = wepass(["doctor", file("good.pkpass"), "--json"]);
    assert.equal(status, 1);
    const { object, kind, ok, findings } = JSON.parse(stdout);
    assert.deepEqual([object, kind, ok], ["examination", "pkpass", false]);
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [["issuer_sandbox", "error"]],
    );
  });

  it("R222 writes a block per finding: severity and place, what was seen, why, and how to mend it", () => {
    const { status, stdout } = wepass(["doctor", file("bad.pkpass"), "--authority", file("authority.pem")]);
    assert.equal(status, 1);
    assert.match(stdout, /\nERROR {3}icon\.png {2}\(image_not_png\)\n {2}Seen: .*SVG.*\n {2}Why: {3}.*\n {2}Mend: {2}/);
    assert.match(stdout, /1 error\.\n$/);
  });

  it("R222 reads standard input, and checks the media type that it is told", () => {
    const input = readFileSync(file("good.pkpass"));
    const args = ["doctor", "-", "--authority", file("authority.pem"), "--json"];
    assert.equal(wepass(args, { input }).status, 0);
    const { status, stdout } = wepass([...args, "--media-type", "application/zip"], { input });
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout).findings[0].code, "media_type_wrong");
  });

  it("R222 takes a password from the command line or from the environment, and never repeats it", () => {
    const source = readFileSync("test/support/apple-files.data.ts", "utf8");
    const base64 = /"modern\.p12":\s*"([^"]+)"/.exec(source)[1];
    writeFileSync(file("modern.p12"), Buffer.from(base64, "base64"));
    const codes = (args, env) => {
      const { stdout } = wepass(["doctor", file("modern.p12"), "--json", ...args], { env });
      assert.doesNotMatch(stdout, /geheim/);
      return JSON.parse(stdout).findings.map(({ code }) => code);
    };
    assert.deepEqual(codes([]), ["pkcs12_password_missing"]);
    assert.deepEqual(codes(["--password", "wrong"]), ["pkcs12_wrong_password"]);
    const opened = codes(["--password", "geheim"]);
    assert.doesNotMatch(opened.join(), /password/);
    assert.deepEqual(codes(["--password-env", "P12_PASSWORD"], { P12_PASSWORD: "geheim" }), opened);
  });

  it("R222 ends with 2 and its usage where it is used wrongly", () => {
    const wrong = [
      [],
      ["nurse"],
      ["doctor"],
      ["doctor", "a", "b"],
      ["doctor", file("none.pkpass")],
      ["doctor", folder],
      ["doctor", file("good.pkpass"), "--loud"],
      ["doctor", file("good.pkpass"), "--password-env", "NO_SUCH_VARIABLE"],
      ["doctor", file("good.pkpass"), "--password", "a", "--password-env", "PATH"],
      ["doctor", file("good.pkpass"), "--authority", file("bad.pkpass")],
    ];
    for (const args of wrong) {
      const { status, stdout, stderr } = wepass(args);
      assert.equal(status, 2, args.join(" "));
      assert.equal(stdout, "");
      assert.match(stderr, /Usage: wepass doctor FILE/);
    }
    const { status, stdout } = wepass(["doctor", "--help"]);
    assert.deepEqual([status, stdout.startsWith("Usage: wepass doctor FILE")], [0, true]);
  });

  it("R222 says in one sentence that a Node without TypeScript is too old", () => {
    const { status, stderr } = wepass(["doctor", file("good.pkpass")], { node: ["--no-strip-types"] });
    assert.equal(status, 2);
    assert.match(stderr, /^This is Node [\d.]+, and the doctor needs Node 22\.18 or later: .*\n$/);
  });

  it("R222 runs by npx in a clone, without a network", () => {
    const args = ["exec", "--offline", "--", "wepass", "doctor", file("good.pkpass"), "--json"];
    const { status, stdout } = spawnSync("npm", args, { encoding: "utf8" });
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout).findings[0].code, "issuer_sandbox");
  });
});
