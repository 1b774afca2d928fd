import { afterEach, describe, expect, it, vi } from "vitest";
import { adminToken, call, storeCard } from "../support/api";
import { callbackPath, issuerOf, messageOf, newCallbackGoogle } from "../support/callbacks";
import { applePass, fetchPass, newDevice, passPath, registrationPath } from "../support/device";
import { deliver } from "../support/google";
import {
  agent,
  base64,
  countMarked,
  customer,
  email,
  enrolling,
  enrolment,
  expectUnmarked,
  failing,
  mark,
  newWorld,
  note,
  overrides,
  phone,
  picture,
  points,
  search,
  send,
  svg,
  text,
  traced,
  without,
  type PlantedRequest,
} from "../support/planted";
import { placesOf } from "../support/planted-places";
import { encodeProfile, getSignup, postSignup, signupPath } from "../support/signup";

/**
 * R219 R220: what a customer sends stands in the customer's own objects, and in no trace of them: no log line, no audit row, no
 * event, no queue message, no Durable Object that traces requests, and no problem. Marked values go in everywhere; then everything
 * that was written is searched for them.
 */

afterEach(() => {
  vi.restoreAllMocks();
});

describe("R219 R220 marked values", { timeout: 60_000 }, () => {
  it("would be found where they are, in every kind of place", async () => {
    const { traces, google, tenant } = await newWorld();
    const { plants, clear } = placesOf(traces, google, tenant);
    const before = await countMarked(traces, tenant, google);
    expect(before).toEqual(Object.fromEntries(Object.keys(before).map((kind) => [kind, 0])));
    expect(Object.keys(plants).toSorted()).toEqual(Object.keys(before).toSorted());
    try {
      for (const [kind, plant] of Object.entries(plants)) {
        await plant();
        expect((await countMarked(traces, tenant, google))[kind], kind).toBeGreaterThan(0);
      }
      await expect(search(traces, tenant, google)).rejects.toThrow(/^lines: /);
    } finally {
      await clear();
    }
  });

  it("of changes that succeed stand in no trace", async () => {
    const { traces, google, tenant, templateId, pass, held } = await newWorld();
    const options = { token: tenant.token, env: google.env };
    const path = `/v2/passes/${pass.id}`;
    const device = newDevice(`${mark}-device`);
    const page = new URL(pass.links.page).pathname;
    const key = { "idempotency-key": `"${mark} same"` };
    const patch = { values: { member: text("new member") }, changeMessage: text("message %@") };
    await send(traces, [
      [200, "PATCH", path, { ...options, body: patch, headers: key }],
      [200, "PATCH", path, { ...options, body: patch, headers: key }],
      [
        200,
        "PUT",
        path,
        { ...options, body: { values: { member: text("third"), points }, overrides, customer: customer("second") } },
      ],
      [
        200,
        "POST",
        "/v2/passes?upsert=true",
        { ...options, body: { templateId, externalId: text("external id"), values: { points } } },
      ],
      [200, "GET", `/v2/passes?externalId=${encodeURIComponent(text("external id"))}`, options],
      [201, "POST", `${path}/links`, { ...options, body: {} }],
      [201, "POST", "/v2/images", { ...options, body: { data: picture } }],
      [200, "PATCH", `/v2/templates/${templateId}`, { ...options, body: { description: text("description") } }],
      [
        201,
        "POST",
        "/v2/api-keys",
        { ...options, body: { name: text("key"), scopes: ["passes:read"] }, headers: { "idempotency-key": mark } },
      ],
      [200, "PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { name: text("renamed") } }],
      [200, "GET", `${page}?${mark}=${mark}`, {}],
      [200, "GET", `${page}/apple?${mark}`, {}],
      [200, "GET", `${path}/preview`, options],
      [201, "POST", registrationPath(held, device.id), { body: { pushToken: text("push") }, headers: applePass(held) }],
      [200, "GET", passPath(held), { headers: applePass(held) }],
      [200, "POST", `${held.base}/log`, { body: { logs: [`Get pass task: ${text("complaint")}`] } }],
      [200, "DELETE", registrationPath(held, device.id), { headers: applePass(held) }],
      [200, "DELETE", path, options],
    ]);
    const messages = google.messages.length;
    expect(messages).toBeGreaterThan(0);
    const found = await search(traces, tenant, google);
    await google.drain();
    expectUnmarked("lines of the queue", traces.lines);
    expect(found).toMatchObject({ problems: 0, messages });
    for (const kind of [
      "lines",
      "data audit log",
      "control audit log",
      "events",
      "request log",
      "rate limiter",
      "idempotency ledger",
    ])
      expect(found[kind], kind).toBeGreaterThan(0);
  });

  it("of requests that are refused stand in no trace, and in no problem", async () => {
    const { traces, google, tenant, templateId, pass, held } = await newWorld();
    const options = { token: tenant.token, env: google.env };
    const path = `/v2/passes/${pass.id}`;
    const issue = (members: Record<string, unknown>, status = 400): PlantedRequest => [
      status,
      "POST",
      "/v2/passes",
      { ...options, body: { templateId, values: { member: text("member") }, ...members } },
    ];
    const template = (members: Record<string, unknown>): PlantedRequest => [
      400,
      "POST",
      "/v2/templates",
      { ...options, body: storeCard(members) },
    ];
    const field = (members: object) => ({
      fields: [{ key: "points", label: text("label"), position: "header", ...members }],
    });
    await send(traces, [
      issue({ values: { points: text("number"), until: text("date"), member: points } }),
      issue({ values: { member: `int ${mark}` } }),
      issue({ overrides: { ...overrides, expiresAt: text("time"), colors: { background: mark } } }),
      issue({ overrides: { barcode: { format: "ean13", message: text("barcode") } } }),
      issue({ overrides: { barcode: { format: "code39", message: text("barcode") } } }),
      issue({ overrides: { barcode: { format: mark, message: text("barcode") } } }),
      issue({
        overrides: { locations: [{ latitude: mark, longitude: points }], relevantDates: [{ date: text("date") }] },
      }),
      issue({ overrides: { semantics: { seats: mark, eventStartDate: text("date"), balance: { amount: mark } } } }),
      issue({ overrides: { images: { thumbnail: base64(text("no picture")) } } }),
      issue({ overrides: { images: { thumbnail: picture.slice(0, -8) } } }),
      issue({ overrides: { images: { thumbnail: svg(`<image href="https://${mark}.example/a.png"/>`) } } }),
      issue({ overrides: { images: { thumbnail: svg(`<rect style="fill:url(https://${mark}.example/)"/>`) } } }),
      issue({ overrides: { images: { thumbnail: svg(`<1 ${mark}>`) } } }),
      issue({ overrides: { images: { thumbnail: svg(`<g>&${mark};</g>`).slice(0, 40) } } }),
      issue({ overrides: { images: { thumbnail: `http://${mark}.example/a.png` } } }),
      issue({ overrides: { images: { thumbnail: `img_${mark}` } } }),
      issue({ customer: { ...customer("third"), email: text("e-mail"), phone: text("phone"), countryCode: mark } }),
      issue({ customer: text("customer"), values: text("values"), overrides: [mark] }),
      issue({ externalId: mark.repeat(50) }),
      issue({ externalId: text("external id") }, 409),
      issue({ templateId: mark }, 404),
      [400, "POST", "/v2/passes", { ...options, body: `{"values": {"member": "${mark}"` }],
      [415, "POST", "/v2/passes", { ...options, body: text("body"), headers: { "content-type": "text/csv" } }],
      [400, "PATCH", path, { ...options, body: { changeMessage: mark.repeat(30), values: { points: mark } } }],
      [412, "PATCH", path, { ...options, body: { values: { member: mark } }, headers: { "if-match": '"99"' } }],
      [400, "PATCH", path, { ...options, body: {}, headers: { "if-match": mark } }],
      template({ description: points, style: mark }),
      template(field({ type: "number", default: text("default") })),
      template(field({ type: mark })),
      template({ barcode: { format: "ean8", message: text("barcode") } }),
      template({
        apple: { featuredActions: [{ identifier: mark }, { identifier: mark }], additionalTicketText: points },
      }),
      template({ google: { object: { state: mark, heroImage: mark } } }),
      [400, "POST", "/v2/images", { ...options, body: { data: base64(text("no picture")) } }],
      [404, "GET", `/v2/passes/${mark}?q=${mark}`, options],
      [400, "GET", `/v2/passes?status=${mark}&startingAfter=${mark}`, options],
      [400, "GET", `/v2/passes?startingAfter=${mark}`, options],
      [400, "GET", `/v2/request-logs?route=${mark}&from=${mark}`, options],
      [404, "GET", `/v2/${mark}`, options],
      [405, "DELETE", `/v2/account?${mark}`, options],
      [400, "POST", "/v2/passes", { ...options, body: {}, headers: { "idempotency-key": `${mark}ü` } }],
      [400, "POST", "/v2/api-keys", { ...options, body: { name: text("key"), scopes: [mark], expiresAt: mark } }],
      [401, "GET", "/v2/account", { token: `wp_test_${mark}` }],
      [401, "GET", "/admin/status", { token: mark }],
      [
        400,
        "POST",
        "/admin/tenants",
        { token: adminToken, body: { name: text("account"), timeZone: mark, publicUri: mark } },
      ],
      [404, "GET", `/p/${mark}?${mark}`, {}],
      [401, "GET", passPath(held), { headers: { authorization: `ApplePass ${mark}` } }],
      [404, "POST", `${passPath(held)}/personalize`, { body: enrolment(), headers: applePass(held) }],
      [
        400,
        "PUT",
        "/v2/google/account",
        { ...options, body: { issuerId: mark, serviceAccount: { client_email: email("google") } } },
      ],
      [
        400,
        "POST",
        "/v2/apple/certificates",
        { ...options, body: { certificate: base64(text("certificate")), passphrase: mark } },
      ],
    ]);
    const found = await search(traces, tenant, google);
    expect(found.problems).toBeGreaterThan(80);
    expect(found["request log"]).toBeGreaterThan(40);
  });

  it("of requests that fail stand in no trace, whatever breaks", async () => {
    const { traces, google, tenant, templateId, pass, held } = await newWorld();
    const path = `/v2/passes/${pass.id}`;
    const broken: [what: string, bindings: Cloudflare.Env][] = [
      ["writes of data", failing(google.env, "DATA_DB", /^\s*(insert|update|delete)/i)],
      ["reads of data", failing(google.env, "DATA_DB", /^\s*(select|with)/i)],
      ["the control database", failing(google.env, "CONTROL_DB", /./)],
      ...(
        [
          "FILES",
          "IMAGES",
          "RATE_LIMITER",
          "IDEMPOTENCY_LEDGER",
          "REQUEST_LOG",
          "GUESS_GUARD",
          "NONCE_LEDGER",
          "GOOGLE_GATE",
          "GOOGLE_SIMULATOR",
          "GOOGLE_SYNC_QUEUE",
        ] as const
      ).map((name): [string, Cloudflare.Env] => [name, without(google.env, name)]),
    ];
    const faults: Record<string, number> = {};
    for (const [what, bindings] of broken) {
      const options = () => ({
        token: tenant.token,
        env: bindings,
        headers: { ...traced, "idempotency-key": `${mark} ${crypto.randomUUID()}` },
      });
      const external = { templateId, externalId: text(what), values: { member: text(what), points } };
      const { body: fresh } = await tenant.post("/v2/passes", { templateId, values: external.values });
      const answers = [
        await call("POST", "/v2/passes", { ...options(), body: { ...external, customer: customer("fourth") } }),
        await call("PATCH", path, {
          ...options(),
          body: { values: { member: text(what) }, changeMessage: text("message") },
        }),
        await call("POST", "/v2/templates", {
          ...options(),
          body: storeCard({ name: text("template"), images: { icon: picture } }),
        }),
        await call("POST", "/v2/images", { ...options(), body: { data: picture } }),
        await call("GET", new URL(pass.links.page).pathname, { env: bindings }),
        await call("GET", new URL(pass.links.google).pathname, { env: bindings }),
        await call("GET", new URL(fresh.links.google).pathname, { env: bindings }),
        await call("GET", `/p/00000000${mark.slice(0, 16).padEnd(16, "0")}`, {
          env: bindings,
          headers: { "cf-connecting-ip": "2001:db8::7" },
        }),
        await fetchPass(held, {}, { env: bindings }),
        await call("POST", callbackPath(tenant), { body: `{"signature": "${mark}"}`, env: bindings }),
        await call("POST", signupPath(tenant), {
          body: new URLSearchParams({ userProfile: encodeProfile({ FIRST_NAME: mark }) }).toString(),
          headers: { "content-type": "application/x-www-form-urlencoded" },
          env: bindings,
        }),
      ];
      for (const answer of answers) note(traces, answer);
      faults[what] = answers.filter(({ status }) => status >= 500).length;
    }
    const messages = google.messages.splice(0);
    expect(messages.length).toBeGreaterThan(0);
    for (const [, bindings] of broken) await deliver(bindings, messages);
    for (const what of ["writes of data", "reads of data", "the control database", "FILES"])
      expect(faults[what], what).toBeGreaterThan(0);
    expect(traces.lines.filter((line) => line.includes('"msg":"fault"')).length).toBeGreaterThan(5);
    await search(traces, tenant, google);
  });

  it("of Google's callbacks, sign-ups and enrolments stand in no trace", async () => {
    const { traces, google, tenant, pass } = await newWorld();
    const calling = await newCallbackGoogle(google.env);
    const issuerId = await issuerOf(tenant);
    const messages = [
      messageOf(issuerId, { id: pass.id }),
      messageOf(issuerId, { id: "pass_of_nobody" }),
      messageOf(issuerId, { id: pass.id }, { nonce: "n1", more: email("callback") }),
      { ...messageOf(issuerId, { id: pass.id }), senderId: mark },
    ];
    for (const message of messages) {
      note(
        traces,
        await call("POST", callbackPath(tenant), { body: await calling.signer.sign(message), env: calling.env }),
      );
    }
    const profile = encodeProfile({ FIRST_NAME: mark, EMAIL: email("signup"), PHONE: phone });
    const queries = [
      {},
      { url: `/${mark}?q=${mark}` },
      { url: `https://${mark}.example/` },
      { userProfile: profile, [mark]: mark },
    ];
    for (const settings of [{ signupPrefill: "query" }, { signupPrefill: "token" }]) {
      await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: settings });
      for (const query of queries) {
        note(traces, await getSignup(tenant, query, { headers: agent }));
        note(traces, await postSignup(tenant, { userProfile: profile }, query, { headers: agent }));
        note(traces, await postSignup(tenant, { userProfile: `${profile}ü` }, query, { headers: agent }));
      }
    }
    note(traces, await call("POST", `${signupPath(tenant)}/redeem`, { body: { token: mark } }));
    const { held } = await enrolling(tenant);
    for (const body of [enrolment({ phoneNumber: "" }), enrolment({ emailAddress: points as never }), enrolment()]) {
      note(
        traces,
        await call("POST", `${passPath(held)}/personalize`, { body, headers: { ...agent, ...applePass(held) } }),
      );
    }
    const statuses = new Set(traces.answers.map(({ status }) => status));
    for (const status of [200, 303, 400, 401]) expect(statuses).toContain(status);
    const found = await search(traces, tenant, google);
    expect(found.events).toBeGreaterThan(0);
    expect(found["nonce ledger"]).toBeGreaterThan(0);
    expect((await tenant.get("/v2/events?limit=100")).body.data.map(({ type }: any) => type)).toEqual(
      expect.arrayContaining(["pass.installed", "pass.personalized"]),
    );
  });
});
