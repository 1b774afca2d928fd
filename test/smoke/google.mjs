import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createPublicKey, sign, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { auth as googleAuth, walletobjects } from "@googleapis/walletobjects";
import { freePort } from "../../scripts/start/port.mjs";
import "../../scripts/support/typescript.mjs";

const { cardOf } = await import("../simulators/google-wallet/cards.ts");
const { googleVerticals } = await import("../../src/pass-model/vocabulary.ts");

/**
 * The simulator of Google Wallet, alone, as strangers use it: by Google's own client over HTTP, and with a receiver of
 * callbacks that knows nothing but the published keys.
 */

const root = join(import.meta.dirname, "../..");
const scope = "https://www.googleapis.com/auth/wallet_object.issuer";
const port = await freePort();
const base = `http://localhost:${port}/simulator/google`;

let simulator;
let receiver;
let callbackUrl;
const received = [];

before(async () => {
  simulator = spawn(process.execPath, [join(root, "scripts/simulator.mjs"), "--port", String(port)]);
  let output = "";
  await new Promise((resolve, reject) => {
    const hear = (chunk) => (output += chunk).includes("Ctrl-C stops.") && resolve();
    simulator.stdout.on("data", hear);
    simulator.stderr.on("data", hear);
    simulator.once("exit", () => reject(new Error(output)));
  });
  receiver = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(200).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  callbackUrl = `http://127.0.0.1:${receiver.address().port}/passes/google`;
});

after(async () => {
  receiver?.close();
  if (simulator && simulator.exitCode === null) {
    simulator.kill("SIGINT");
    await once(simulator, "exit");
  }
});

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signedJwt({ private_key: key }, claims) {
  const content = `${base64url({ alg: "RS256", typ: "JWT" })}.${base64url(claims)}`;
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), key).toString("base64url")}`;
}

/** A new issuer, and Google's client with a service account that is its owner. */
async function newIssuer() {
  const response = await fetch(`${base}/service-accounts`, { method: "POST" });
  assert.equal(response.status, 200);
  const { issuerId, serviceAccount } = await response.json();
  const { client_email: email, private_key: key } = serviceAccount;
  const client = new googleAuth.JWT({ email, key, scopes: [scope] });
  // Google's library for Node knows one token endpoint only.
  client.transporter.interceptors.request.add({
    resolved: async (config) =>
      config.url.href === "https://oauth2.googleapis.com/token"
        ? { ...config, url: new URL(serviceAccount.token_uri) }
        : config,
  });
  return { issuerId, serviceAccount, client, api: walletobjects({ version: "v1", rootUrl: `${base}/`, auth: client }) };
}

/** Class and object of a vertical, as an issuer sends them. */
function bodiesOf(vertical, issuerId, suffix = "1") {
  const card = cardOf(vertical);
  const classId = `${issuerId}.${vertical}.${suffix}`;
  const needsReview = vertical !== "generic";
  const { reviewStatus: _approved, ...fields } = card.class;
  return {
    classBody: {
      ...fields,
      id: classId,
      ...(needsReview && { reviewStatus: "UNDER_REVIEW" }),
      callbackOptions: { url: callbackUrl },
    },
    objectBody: { ...card.object, id: `${classId}.pass`, classId },
  };
}

const refusal = (call) =>
  call.then(
    ({ data }) => assert.fail(`it was taken: ${JSON.stringify(data)}`),
    ({ response: { status, data } }) => {
      assert.equal(data.error.code, status);
      assert.equal(typeof data.error.message, "string");
      return [status, data.error.errors[0].reason];
    },
  );

describe("the simulator of Google Wallet, alone", () => {
  it("says what is there", async () => {
    const overview = await (await fetch(`http://localhost:${port}/`)).json();
    assert.equal(overview.rootUrl, `${base}/`);
    assert.equal(overview.keys, `${base}/gp/m/issuer/keys`);
  });

  for (const vertical of googleVerticals) {
    it(`R021 keeps classes and objects of ${vertical} for Google's own client`, async () => {
      const { api, issuerId } = await newIssuer();
      const [classes, objects] = [api[`${vertical.toLowerCase()}class`], api[`${vertical.toLowerCase()}object`]];
      const { classBody, objectBody } = bodiesOf(vertical, issuerId);
      await classes.insert({ requestBody: classBody });
      const inserted = await objects.insert({ requestBody: objectBody });
      assert.equal(inserted.data.id, objectBody.id);
      const { data: kept } = await objects.get({ resourceId: objectBody.id });
      assert.deepEqual(kept.barcode, objectBody.barcode);
      const { data: listed } = await objects.list({ classId: classBody.id, maxResults: 5 });
      assert.deepEqual(
        listed.resources.map(({ id }) => id),
        [objectBody.id],
      );
      const textModulesData = [{ id: "only", header: "Only", body: "one" }];
      const { data: patched } = await objects.patch({ resourceId: objectBody.id, requestBody: { textModulesData } });
      assert.deepEqual(patched.textModulesData, textModulesData);
      assert.deepEqual(patched.barcode, objectBody.barcode);
      const message = { header: "Hello", body: "there", messageType: "TEXT_AND_NOTIFY" };
      const { data: told } = await objects.addmessage({ resourceId: objectBody.id, requestBody: { message } });
      assert.equal(told.resource.messages.at(-1).body, "there");
    });
  }

  it("R021 refuses in Google's shape, as the client reports it", async () => {
    const { api, issuerId } = await newIssuer();
    const { classBody, objectBody } = bodiesOf("loyalty", issuerId);
    const { loyaltyclass, loyaltyobject } = api;
    const orphan = await refusal(loyaltyobject.insert({ requestBody: objectBody }));
    assert.deepEqual(orphan, [404, "classNotFound"]);
    await loyaltyclass.insert({ requestBody: classBody });
    assert.deepEqual(await refusal(loyaltyclass.insert({ requestBody: classBody })), [409, "alreadyExists"]);
    const misspelt = { ...objectBody, accountname: "Mara" };
    assert.deepEqual(await refusal(loyaltyobject.insert({ requestBody: misspelt })), [400, "invalid"]);
    const missing = await refusal(loyaltyobject.get({ resourceId: `${issuerId}.none` }));
    assert.deepEqual(missing, [404, "resourceNotFound"]);
    const unreviewed = { resourceId: classBody.id, requestBody: { programName: "New" } };
    assert.deepEqual(await refusal(loyaltyclass.patch(unreviewed)), [400, "invalid"]);
    const stranger = await newIssuer();
    assert.deepEqual(await refusal(stranger.api.loyaltyclass.get({ resourceId: classBody.id })), [
      403,
      "permissionDenied",
    ]);
    const unknown = await fetch(`${base}/walletobjects/v1/loyaltyClass/${classBody.id}`);
    assert.equal(unknown.status, 401);
  });

  it("R021 mints tokens for assertions that anybody can sign with the account's key", async () => {
    const { serviceAccount, issuerId } = await newIssuer();
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: serviceAccount.client_email, scope, aud: serviceAccount.token_uri, iat, exp: iat + 3600 };
    const ask = (assertion) =>
      fetch(serviceAccount.token_uri, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }),
      });
    const { access_token: token, token_type: type } = await (await ask(signedJwt(serviceAccount, claims))).json();
    assert.equal(type, "Bearer");
    const headers = { authorization: `Bearer ${token}` };
    const issuer = await (await fetch(`${base}/walletobjects/v1/issuer/${issuerId}`, { headers })).json();
    assert.equal(issuer.issuerId, issuerId);
    const expired = await ask(signedJwt(serviceAccount, { ...claims, iat: iat - 7200, exp: iat - 3600 }));
    assert.deepEqual([expired.status, (await expired.json()).error], [400, "invalid_grant"]);
  });

  it("R121 answers each call of a batch by itself", async () => {
    const { client, issuerId } = await newIssuer();
    const { token } = await client.getAccessToken();
    const ids = ["a", "b", "a"].map((suffix) => `${issuerId}.${suffix}`);
    const part = (id) =>
      `--batch_x\r\nContent-Type: application/json\r\n\r\nPOST /walletobjects/v1/genericClass\r\n\r\n${JSON.stringify({ id })}\r\n\r\n`;
    const response = await fetch(`${base}/batch`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "multipart/mixed; boundary=batch_x" },
      body: `${ids.map(part).join("")}--batch_x--`,
    });
    assert.equal(response.status, 200);
    const statuses = (await response.text()).matchAll(/^HTTP\/1\.1 (\d+)/gm);
    assert.deepEqual(
      Array.from(statuses, ([, status]) => Number(status)),
      [200, 200, 409],
    );
  });
});

/** Google's scheme, read anew from its description: only Node's cryptography, and the keys from their URL. */
function opened(body, { keys }, recipientId) {
  const lv = (...parts) =>
    Buffer.concat(
      parts.flatMap((part) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(Buffer.byteLength(part));
        return [length, Buffer.from(part)];
      }),
    );
  const holds = (spki, data, signature) => {
    const key = createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
    return verify("sha256", data, key, Buffer.from(signature, "base64"));
  };
  const { signature, intermediateSigningKey, protocolVersion, signedMessage } = JSON.parse(body);
  assert.equal(protocolVersion, "ECv2SigningOnly");
  const { signedKey, signatures } = intermediateSigningKey;
  const roots = keys.filter((key) => key.protocolVersion === protocolVersion && Number(key.keyExpiration) > Date.now());
  const vouched = roots.some(({ keyValue }) =>
    signatures.some((each) => holds(keyValue, lv("GooglePayPasses", protocolVersion, signedKey), each)),
  );
  assert.ok(vouched, "a root key vouches for the intermediate one");
  const { keyValue, keyExpiration } = JSON.parse(signedKey);
  assert.ok(Number(keyExpiration) > Date.now());
  assert.ok(holds(keyValue, lv("GooglePayPasses", recipientId, protocolVersion, signedMessage), signature));
  return JSON.parse(signedMessage);
}

describe("a save link of the simulator", () => {
  it("R109 R260 R261 saves and removes, with callbacks that a stranger can verify", async () => {
    const { serviceAccount, api, issuerId } = await newIssuer();
    const { classBody, objectBody } = bodiesOf("loyalty", issuerId);
    await api.loyaltyclass.insert({ requestBody: classBody });
    await api.loyaltyobject.insert({ requestBody: objectBody });
    const jwt = signedJwt(serviceAccount, {
      iss: serviceAccount.client_email,
      aud: "google",
      typ: "savetowallet",
      iat: Math.floor(Date.now() / 1000),
      origins: [],
      payload: { loyaltyObjects: [{ id: objectBody.id, classId: classBody.id }] },
    });
    const link = `${base}/gp/v/save/${jwt}`;
    const state = async () => (await fetch(link, { headers: { accept: "application/json" } })).json();
    const page = await fetch(link, { headers: { "accept-language": "de-DE,de;q=0.9" } });
    assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
    const html = await page.text();
    assert.match(html, /<form method="post" action="[^"]+\/save"/);
    assert.match(html, /Finch Club/);
    assert.equal((await state()).saved, false);

    for (const [action, eventType, saved] of [
      ["save", "save", true],
      ["remove", "del", false],
    ]) {
      const moved = await fetch(`${link}/${action}`, { method: "POST", redirect: "manual" });
      assert.equal(moved.status, 303);
      const { callbacks, ...card } = await state();
      assert.equal(card.saved, saved);
      assert.deepEqual([callbacks[0].eventType, callbacks[0].status], [eventType, 200]);
      const { data } = await api.loyaltyobject.get({ resourceId: objectBody.id });
      assert.equal(data.hasUsers, saved);
    }

    const keys = await (await fetch(`${base}/gp/m/issuer/keys`)).json();
    const messages = received.map(({ body }) => opened(body, keys, issuerId));
    assert.deepEqual(
      messages.map(({ classId, objectId, eventType }) => [classId, objectId, eventType]),
      ["save", "del"].map((eventType) => [classBody.id, objectBody.id, eventType]),
    );
    assert.notEqual(messages[0].nonce, messages[1].nonce);
    for (const { expTimeMillis } of messages) assert.ok(expTimeMillis > Date.now());
    assert.match(received[0].headers["content-type"], /^application\/json/);
    assert.throws(() => opened(received[0].body, keys, "3388000000000000001"));
  });

  it("R109 says what is wrong with a link", async () => {
    const page = await fetch(`${base}/gp/v/save/a.b.c`);
    assert.equal(page.status, 400);
    assert.match(await page.text(), /Something went wrong/);
  });
});
