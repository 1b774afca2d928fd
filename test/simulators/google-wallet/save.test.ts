import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, base, expectRefused, newIssuer, newKey, newSimulator, type Issuer } from "./client";
import { allVerticals, issued, passOf, skinnyLink, type Pass } from "./passes";
import { verticalTypes } from "../../../src/google-wallet/fields/verticals";

const start = Date.parse("2040-01-01T00:00:00Z");
const callbackUrl = "https://hooks.example.org/google";
let issuer: Issuer;
let received: { url: string; body: any; headers: Headers; redirect: string }[];
let answer: () => Response | Promise<Response>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  issuer = await newIssuer(newSimulator());
  received = [];
  answer = () => new Response(null, { status: 204 });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    const { url, headers, redirect } = request;
    received.push({ url, headers, redirect, body: JSON.parse(await request.text()) });
    return answer();
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const content = ({ vertical, class: ofClass, object }: Pass) => ({
  [verticalTypes[vertical].payload.classes]: [ofClass],
  [verticalTypes[vertical].payload.objects]: [object],
});

const post = (path: string) => ask(issuer.simulator, "POST", path);
const json = (path: string) => ask(issuer.simulator, "GET", path, { headers: { accept: "application/json" } });

/** A pass whose class has a callback, and its link. */
async function linked(url: string = callbackUrl) {
  const pass = passOf(issuer, "loyalty");
  await issuer.call("POST", "/loyaltyClass", { ...pass.class, callbackOptions: { url } });
  await issuer.call("POST", "/loyaltyObject", pass.object);
  return { pass, link: await skinnyLink(issuer, pass) };
}

describe.each(allVerticals)("R109 a save link of %s", (vertical) => {
  it("R109 makes what it holds, and is a page", async () => {
    const pass = passOf(issuer, vertical);
    const link = await issuer.saveLink(content(pass));
    const page = await ask(issuer.simulator, "GET", link);
    expect(page.status, page.text).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
    expect(page.text).toMatch(/^<!DOCTYPE html>/);
    expect(page.text).toContain(`/simulator/google${link}/save`);
    const { body } = await issuer.call("GET", `${pass.objectPath}/${pass.object.id}`);
    expect(body.hasUsers).toBe(false);
    expect(await issuer.card(link)).toEqual({
      vertical,
      class: (await issuer.call("GET", `${pass.classPath}/${pass.class.id}`)).body,
      object: body,
      saved: false,
      notifications: [],
      callbacks: [],
    });
  });

  it("R109 names what is there, saves it and removes it", async () => {
    const pass = await issued(issuer, vertical);
    const link = await skinnyLink(issuer, pass);
    const done = await post(`${link}/save`);
    expect([done.status, done.headers.get("location")]).toEqual([303, `/simulator/google${link}`]);
    expect(await issuer.card(link)).toMatchObject({ saved: true, object: { hasUsers: true } });
    await post(`${link}/remove`);
    expect(await issuer.card(link)).toMatchObject({ saved: false, object: { hasUsers: false } });
  });
});

describe("what a link holds", () => {
  it("R109 changes nothing that is there already", async () => {
    const pass = await issued(issuer, "loyalty");
    const link = await issuer.saveLink({
      loyaltyClasses: [{ ...pass.class, programName: "Other" }],
      loyaltyObjects: [{ ...pass.object, accountName: "Other" }],
    });
    const card = await issuer.card(link);
    expect(card.class.programName).toBe(pass.class.programName);
    expect(card.object.accountName).toBe(pass.object.accountName);
  });

  it("R109 is made whole or not at all", async () => {
    const pass = passOf(issuer, "loyalty");
    const link = await issuer.saveLink(content({ ...pass, object: { ...pass.object, state: "GONE" } }));
    expectRefused(await json(link), 400, "invalid");
    expectRefused(await issuer.call("GET", `/loyaltyClass/${pass.class.id}`), 404, "classNotFound");
  });

  it("R109 can be several passes, saved together", async () => {
    const [one, two] = [await issued(issuer, "flight", "1"), await issued(issuer, "generic", "2")];
    const link = await issuer.saveLink({
      genericObjects: [{ id: two.object.id }],
      flightObjects: [{ id: one.object.id }],
    });
    await post(`${link}/save`);
    for (const { objectPath, object } of [one, two]) {
      expect((await issuer.call("GET", `${objectPath}/${object.id}`)).body.hasUsers).toBe(true);
    }
  });

  it("R109 has to be there, where it is only named", async () => {
    const pass = passOf(issuer, "loyalty");
    expectRefused(await json(await skinnyLink(issuer, pass)), 404, "resourceNotFound");
    const page = await ask(issuer.simulator, "GET", await skinnyLink(issuer, pass));
    expect(page.status).toBe(404);
    expect(page.text).toContain(`Wallet Object ${pass.object.id} not found.`);
  });

  it.each([
    ["nothing", {}, 400],
    ["a class alone", { genericClasses: [{ id: "ISSUER.only" }] }, 400],
    ["what Google does not know", { coupons: [] }, 400],
    ["what is no list", { genericObjects: { id: "ISSUER.x" } }, 400],
    ["what is no object", { genericObjects: ["ISSUER.x"] }, 400],
    ["an object without an id", { genericObjects: [{}] }, 400],
    ["a stranger's object", { genericObjects: [{ id: "1.x" }] }, 403],
  ])("R109 is not %s", async (_what, payload, status) => {
    const own = JSON.parse(JSON.stringify(payload).replaceAll("ISSUER", issuer.issuerId)) as Record<string, unknown>;
    const link = await issuer.saveLink(own);
    expect((await json(link)).status).toBe(status);
    expect((await ask(issuer.simulator, "GET", link)).status).toBe(status);
    expect((await post(`${link}/save`)).status).toBe(status);
  });
});

describe("the signature of a link", () => {
  it.each([
    ["another audience", { aud: "https://example.com" }],
    ["another type", { typ: "savetoandroidpay" }],
    ["a time to come", { iat: start / 1000 + 600 }],
    ["a time that is none", { iat: "now" }],
    ["an end that is past", { exp: start / 1000 - 1 }],
    ["an unknown account", { iss: "stranger@example.com" }],
    ["no account", { iss: undefined }],
    ["no payload", { payload: undefined }],
    ["a payload that is none", { payload: [] }],
    ["sites that are none", { origins: "www.example.com" }],
  ])("R109 refuses %s", async (_what, claims) => {
    const pass = await issued(issuer, "generic");
    const link = await issuer.saveLink({ genericObjects: [{ id: pass.object.id }] }, claims);
    expectRefused(await json(link), 400, "invalid");
  });

  it("R109 refuses another key, another algorithm, a changed word, and what is no JWT", async () => {
    const pass = await issued(issuer, "generic");
    const link = await skinnyLink(issuer, pass);
    const [head, payload, signature] = link.split("/").at(-1)!.split(".") as [string, string, string];
    const imposter = await newIssuer(issuer.simulator, { key: await newKey() });
    const theirs = await imposter.saveLink({ genericObjects: [{ id: pass.object.id }] }, { iss: issuer.email });
    const unsigned = `${btoa('{"alg":"none"}').replaceAll("=", "")}.${payload}.${signature}`;
    const changed = `${head}.${payload.slice(0, -4)}AAAA.${signature}`;
    for (const path of [theirs, ...[unsigned, changed, "x", "a.b", "..", "%ff"].map((jwt) => `/gp/v/save/${jwt}`)]) {
      const { status } = await json(path);
      // The URL parser takes ".." for a step up.
      expect(status, path).toBe(path.endsWith("/..") ? 401 : 400);
    }
  });

  it("R109 needs no time, as links in mails have none", async () => {
    const pass = await issued(issuer, "generic");
    const link = await issuer.saveLink(
      { genericObjects: [{ id: pass.object.id }] },
      { iat: undefined, origins: undefined },
    );
    expect((await json(link)).status).toBe(200);
  });
});

describe("callbacks", () => {
  const message = ({ body }: (typeof received)[number]) => JSON.parse(body.signedMessage);

  it("R021 tell the issuer what the holder did, once for each", async () => {
    const { pass, link } = await linked();
    await post(`${link}/save`);
    await post(`${link}/save`);
    await post(`${link}/remove`);
    await post(`${link}/remove`);
    expect(received.map(message)).toEqual(
      ["save", "del"].map((eventType) => ({
        classId: pass.class.id,
        objectId: pass.object.id,
        eventType,
        expTimeMillis: start + 3_600_000,
        count: 1,
        nonce: expect.stringMatching(/^[\da-f-]{36}$/),
      })),
    );
    const [first] = received;
    expect(first).toMatchObject({ url: callbackUrl, redirect: "manual", body: { protocolVersion: "ECv2SigningOnly" } });
    expect(first!.headers.get("content-type")).toBe("application/json");
    expect((await issuer.card(link)).callbacks).toEqual(
      ["del", "save"].map((eventType) => ({ at: start, eventType, url: callbackUrl, status: 204 })),
    );
  });

  it("R021 are sent once, when two save at once", async () => {
    const { link } = await linked();
    await Promise.all([post(`${link}/save`), post(`${link}/save`)]);
    expect(received).toHaveLength(1);
  });

  it("R138 are ten of one pass within a minute; then nothing changes", async () => {
    const { pass, link } = await linked();
    const toggle = (count: number) => post(`${link}/${count % 2 === 0 ? "save" : "remove"}`);
    for (let count = 0; count < 10; count += 1) {
      expect((await toggle(count)).status).toBe(303);
      vi.setSystemTime(Date.now() + 1000);
    }
    const refused = await toggle(10);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "50"]);
    expect(refused.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(refused.text).toContain("Nothing was changed. Try again in 50 seconds.");
    const asJson = await ask(issuer.simulator, "POST", `${link}/save`, { headers: { accept: "application/json" } });
    expectRefused(asJson, 429, "rateLimitExceeded");
    expect(received).toHaveLength(10);
    expect((await issuer.card(link)).saved).toBe(false);
    // A button that changes nothing calls nobody.
    expect((await toggle(11)).status).toBe(303);
    const other = await issued(issuer, "generic");
    const both = await issuer.saveLink({
      genericObjects: [{ id: other.object.id }],
      loyaltyObjects: [{ id: pass.object.id }],
    });
    expect((await post(`${both}/save`)).status).toBe(429);
    expect((await issuer.card(await skinnyLink(issuer, other))).saved).toBe(false);
    vi.setSystemTime(start + 60_000);
    expect((await toggle(12)).status).toBe(303);
    expect((await toggle(13)).status).toBe(429);
    expect(received).toHaveLength(11);
  });

  it("R138 are no limit to a pass that has none", async () => {
    const link = await skinnyLink(issuer, await issued(issuer, "generic"));
    for (let count = 0; count < 12; count += 1) {
      expect((await post(`${link}/${count % 2 === 0 ? "save" : "remove"}`)).status).toBe(303);
    }
  });

  it("R021 are one for a pass that a link names twice", async () => {
    const { pass } = await linked();
    const twice = await issuer.saveLink({ loyaltyObjects: [{ id: pass.object.id }, { id: pass.object.id }] });
    await post(`${twice}/save`);
    expect(received).toHaveLength(1);
  });

  it("R021 note what went wrong, and the pass is saved all the same", async () => {
    const { link } = await linked();
    answer = () => new Response("no", { status: 503 });
    await post(`${link}/save`);
    answer = () => Promise.reject(new TypeError("Network connection lost."));
    await post(`${link}/remove`);
    expect((await issuer.card(link)).callbacks.map((callback: any) => callback.status)).toEqual([null, 503]);
  });

  it.each([
    "https://localhost/x",
    "https://10.0.0.1/x",
    "https://example.org:8443/x",
    "https://metadata.internal/x",
    `${base}/gp/v/save/x/save`,
  ])("R021 are not sent to %s", async (url) => {
    const { link } = await linked(url);
    await post(`${link}/save`);
    expect(received).toEqual([]);
    expect(await issuer.card(link)).toMatchObject({ saved: true, callbacks: [{ url, status: null }] });
  });

  it("R021 reach this deployment without leaving it", async () => {
    const { link } = await linked("https://api.example.com/nothing/here");
    await post(`${link}/save`);
    expect(received).toEqual([]);
    expect((await issuer.card(link)).callbacks).toMatchObject([{ status: 404 }]);
  });

  it("R021 are vouched for by keys that anybody can fetch, and that stay", async () => {
    const { status, body, headers } = await ask(issuer.simulator, "GET", "/gp/m/issuer/keys");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
    expect(body.keys).toEqual([
      {
        keyValue: expect.any(String),
        protocolVersion: "ECv2SigningOnly",
        keyExpiration: expect.stringMatching(/^\d+$/),
      },
    ]);
    const answers = await Promise.all([1, 2].map(() => ask(issuer.simulator, "GET", "/gp/m/issuer/keys")));
    for (const { text } of answers) expect(JSON.parse(text)).toEqual(body);
    const { link } = await linked();
    await post(`${link}/save`);
    const { signedKey, signatures } = received[0]!.body.intermediateSigningKey;
    const root = await importKey(body.keys[0].keyValue);
    const signed = lengthValue("GooglePayPasses", "ECv2SigningOnly", signedKey);
    expect(await crypto.subtle.verify(ecdsa, root, rawOfDer(signatures[0]), signed)).toBe(true);
    const key = await importKey(JSON.parse(signedKey).keyValue);
    const { signature, signedMessage } = received[0]!.body;
    const text = lengthValue("GooglePayPasses", issuer.issuerId, "ECv2SigningOnly", signedMessage);
    expect(await crypto.subtle.verify(ecdsa, key, rawOfDer(signature), text)).toBe(true);
  });
});

describe("long links", () => {
  it("R109 are inserted by the API", async () => {
    const pass = passOf(issuer, "loyalty");
    const jwt = (await issuer.saveLink(content(pass))).split("/").at(-1)!;
    const { status, body, text } = await issuer.call("POST", "/jwt", { jwt });
    expect(status, text).toBe(200);
    expect(body.saveUri).toBe(`${base}/gp/v/save/${jwt}`);
    expect(body.resources).toEqual({
      loyaltyClasses: [(await issuer.call("GET", `/loyaltyClass/${pass.class.id}`)).body],
      loyaltyObjects: [(await issuer.call("GET", `/loyaltyObject/${pass.object.id}`)).body],
    });
    expectRefused(await issuer.call("POST", "/jwt", { jwt: "x" }), 400, "invalid");
    expectRefused(await issuer.call("POST", "/jwt", {}), 400, "invalid");
  });

  it("R109 are tried without leaving anything", async () => {
    const pass = passOf(issuer, "loyalty");
    const payload = content(pass);
    const jwt = (await issuer.saveLink(payload)).split("/").at(-1)!;
    const validate = (body: object) => issuer.call("POST", "/jwt/validate", body);
    for (const body of [
      { jwtResource: { jwt } },
      { jsonResource: { json: JSON.stringify(payload) } },
      { jsonResource: { json: JSON.stringify({ iss: issuer.email, payload }) } },
    ]) {
      expect(await validate(body)).toMatchObject({ status: 200, body: {} });
    }
    expectRefused(await issuer.call("GET", `/loyaltyClass/${pass.class.id}`), 404, "classNotFound");
    for (const body of [
      {},
      { jwtResource: { jwt }, jsonResource: { json: "{}" } },
      { jwtResource: { jwt: "x" } },
      { jsonResource: { json: "{" } },
      { jsonResource: { json: JSON.stringify({ payload: 7 }) } },
      { jsonResource: { json: JSON.stringify({ ...payload, loyaltyObjects: [{ ...pass.object, state: "GONE" }] }) } },
    ]) {
      expect((await validate(body)).status).toBe(400);
    }
  });
});

const ecdsa = { name: "ECDSA", hash: "SHA-256" };
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const importKey = (spki: string) =>
  crypto.subtle.importKey("spki", bytesOf(spki), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);

function lengthValue(...texts: string[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    texts.flatMap((text) => {
      const bytes = new TextEncoder().encode(text);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length, true);
      return [...length, ...bytes];
    }),
  );
}

/** r and s of a DER signature, each of 32 bytes. */
function rawOfDer(base64: string): Uint8Array<ArrayBuffer> {
  const der = [...bytesOf(base64)];
  const integer = (at: number) => der.slice(at + 2, at + 2 + der[at + 1]!);
  const r = integer(2);
  const s = integer(4 + r.length);
  return Uint8Array.from([r, s].flatMap((bytes) => [...Array<number>(32).fill(0), ...bytes].slice(-32)));
}
