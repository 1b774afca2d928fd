import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { adminToken, call, newPass, newTemplate, newTenant, type Answer, type TestTenant } from "../support/api";
import {
  applePass,
  fetchPass,
  heldPass,
  listPath,
  newDevice,
  passJsonOf,
  passPath,
  registrationPath,
  type HeldPass,
} from "../support/device";

type Json = Record<string, any>;

async function installed(): Promise<{ tenant: TestTenant; pass: Json; held: HeldPass }> {
  const tenant = await newTenant();
  const pass = await newPass(tenant);
  return { tenant, pass, held: await heldPass(tenant, pass.id) };
}

async function rows(tenant: TestTenant, table: string): Promise<Json[]> {
  const { results } = await env.DATA_DB.prepare(`select * from ${table} where tenant_id = ?`).bind(tenant.id).all();
  return results;
}

/** How often the pass was added and removed, as its events have it. */
async function installEvents(tenant: TestTenant): Promise<{ installed: number; uninstalled: number }> {
  const events = await rows(tenant, "events");
  const count = (type: string) => events.filter((event) => event.type === type).length;
  return { installed: count("pass.installed"), uninstalled: count("pass.uninstalled") };
}

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).toSorted();

describe("a device's life", { timeout: 20_000 }, () => {
  it("R127 R128 registers, asks, fetches, and leaves, as Apple has it", async () => {
    const { tenant, pass, held } = await installed();
    const device = newDevice();
    expect((await device.list(held)).status).toBe(204);
    const registered = await device.register(held);
    expect([registered.status, registered.text]).toEqual([201, ""]);
    expect((await device.register(held)).status).toBe(200);
    const first = await device.list(held);
    expect(first.body).toEqual({ serialNumbers: [pass.id], lastUpdated: expect.stringMatching(/^\d+$/) });
    expect((await device.list(held, first.body.lastUpdated)).status).toBe(204);

    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } });
    const second = await device.list(held, first.body.lastUpdated);
    expect(second.body.serialNumbers).toEqual([pass.id]);
    const answer = await fetchPass(held);
    expect(answer.status).toBe(200);
    expect(passJsonOf(answer).storeCard.headerFields[0].value).toBe(5);
    expect((await fetchPass(held, { "if-none-match": answer.headers.get("etag")! })).status).toBe(304);

    const left = await device.unregister(held);
    expect([left.status, left.text]).toEqual([200, ""]);
    expect((await device.unregister(held)).status).toBe(200);
    expect((await device.list(held)).status).toBe(204);
  });

  it("counts installations in the pass, without changing what holders see", async () => {
    const { tenant, pass, held } = await installed();
    const none = { active: 0, total: 0 };
    expect(pass.installs).toEqual({ ...none, firstInstalledAt: null, apple: none, google: none });
    const [one, two] = [newDevice(), newDevice()];
    await one.register(held);
    const { body: once } = await tenant.get(`/v2/passes/${pass.id}`);
    const first = { active: 1, total: 1 };
    const firstInstalls = { ...first, firstInstalledAt: expect.any(String), apple: first, google: none };
    expect(once).toEqual({ ...pass, installs: firstInstalls });
    await two.register(held);
    await one.unregister(held);
    await one.register(held);
    await two.unregister(held);
    const { body: after } = await tenant.get(`/v2/passes/${pass.id}`);
    const last = { active: 1, total: 3 };
    const { firstInstalledAt } = once.installs;
    expect(after.installs).toEqual({ ...last, firstInstalledAt, apple: last, google: none });
    expect({ ...after, installs: pass.installs }).toEqual(pass);
  });

  it("writes an event for each, which names neither device nor push token", async () => {
    const { tenant, pass, held } = await installed();
    const device = newDevice();
    await device.register(held);
    await device.register(held);
    await device.unregister(held);
    await device.unregister(held);
    const { body, text } = await tenant.get("/v2/events");
    const own = body.data.filter(({ type }: Json) => type.endsWith("installed"));
    expect(own.map(({ type, passId, actor, data }: Json) => [type, passId, actor, data])).toEqual([
      ["pass.uninstalled", pass.id, "holder", { wallet: "apple" }],
      ["pass.installed", pass.id, "holder", { wallet: "apple" }],
    ]);
    expect(text).not.toContain(device.id);
    expect(text).not.toContain(device.pushToken);
    const totals = (await rows(tenant, "events")).at(-1)!;
    expect([totals.passes_installed, totals.installs_active, totals.installs_total]).toEqual([1, 0, 1]);
    const template = (await tenant.get(`/v2/templates/${pass.templateId}`)).body;
    expect(template.installs).toEqual({ passes: 1, active: 0, total: 1 });
  });

  it("keeps the newest push token of a device, and writes nothing if it is the one it had", async () => {
    const { tenant, held } = await installed();
    const device = newDevice();
    await device.register(held);
    const [before] = await rows(tenant, "devices");
    await device.register(held);
    expect(await rows(tenant, "devices")).toEqual([before]);
    const rotated = { pushToken: "another" };
    expect((await device.register(held, { body: rotated })).status).toBe(200);
    expect(await rows(tenant, "devices")).toMatchObject([{ id: device.id, push_token: "another" }]);
    expect(await installEvents(tenant)).toEqual({ installed: 1, uninstalled: 0 });
  });

  it("forgets a device with its last pass, and not before", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const passes = [await newPass(tenant, { templateId }), await newPass(tenant, { templateId })];
    const [one, two] = [await heldPass(tenant, passes[0].id), await heldPass(tenant, passes[1].id)];
    const device = newDevice();
    await device.register(one);
    await device.register(two);
    expect((await device.list(one)).body.serialNumbers.toSorted()).toEqual(passes.map(({ id }) => id).toSorted());
    await device.unregister(one);
    expect(await rows(tenant, "devices")).toHaveLength(1);
    expect((await device.list(one)).body.serialNumbers).toEqual([passes[1].id]);
    await device.unregister(two);
    expect(await rows(tenant, "devices")).toEqual([]);
    expect(await rows(tenant, "registrations")).toEqual([]);
  });

  it("keeps tenants apart, though a device has one name for all", async () => {
    const [mine, other] = [await installed(), await installed()];
    const device = newDevice();
    await device.register(mine.held);
    expect((await device.list(other.held)).status).toBe(204);
    await device.register(other.held);
    await device.unregister(mine.held);
    expect((await device.list(mine.held)).status).toBe(204);
    expect((await device.list(other.held)).body.serialNumbers).toEqual([other.pass.id]);
    expect(await rows(other.tenant, "devices")).toHaveLength(1);
  });

  it("serial number, token and address of a pass stay when it is issued again", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId, externalId: "card-1" });
    const held = await heldPass(tenant, pass.id);
    // The device adds the version to webServiceURL.
    expect(held.base).toBe(`/apple/${tenant.code}/v1`);
    const body = { templateId, externalId: "card-1", values: { points: 9 } };
    expect((await tenant.post("/v2/passes?upsert=true", body)).status).toBe(200);
    expect(await heldPass(tenant, pass.id)).toEqual(held);
  });

  it("goes on once the pass is voided", async () => {
    const { tenant, pass, held } = await installed();
    const device = newDevice();
    await device.register(held);
    const { lastUpdated } = (await device.list(held)).body;
    await tenant.delete(`/v2/passes/${pass.id}`);
    expect((await device.list(held, lastUpdated)).body.serialNumbers).toEqual([pass.id]);
    expect(passJsonOf(await fetchPass(held)).voided).toBe(true);
    expect((await device.unregister(held)).status).toBe(200);
  });
});

describe("many calls at once", { timeout: 30_000 }, () => {
  it("of 50 equal registrations one counts", async () => {
    const { tenant, pass, held } = await installed();
    const device = newDevice();
    const answers = await Promise.all(Array.from({ length: 50 }, () => device.register(held)));
    expect(statuses(answers)).toEqual([...Array<number>(49).fill(200), 201]);
    expect(await installEvents(tenant)).toEqual({ installed: 1, uninstalled: 0 });
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.installs).toMatchObject({ active: 1, total: 1 });
    const leaving = await Promise.all(Array.from({ length: 20 }, () => device.unregister(held)));
    expect(statuses(leaving)).toEqual(Array<number>(20).fill(200));
    expect(await installEvents(tenant)).toEqual({ installed: 1, uninstalled: 1 });
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.installs).toMatchObject({ active: 0, total: 1 });
  });

  it("counts stay those of the events while devices come and go and the pass changes", async () => {
    const { tenant, pass, held } = await installed();
    const devices = Array.from({ length: 6 }, () => newDevice());
    const storm = devices.flatMap((device, index) => [
      device.register(held),
      device.unregister(held),
      device.register(held),
      tenant.patch(`/v2/passes/${pass.id}`, { values: { points: index + 1 } }),
      device.unregister(held),
      device.register(held),
    ]);
    for (const { status } of await Promise.all(storm)) expect(status).toBeLessThan(300);
    const registered = await rows(tenant, "registrations");
    const { installed: came, uninstalled: left } = await installEvents(tenant);
    expect(came - left).toBe(registered.length);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.installs).toMatchObject({
      active: registered.length,
      total: came,
    });
    const devicesLeft = (await rows(tenant, "devices")).map(({ id }) => id as string).toSorted();
    expect(devicesLeft).toEqual(registered.map(({ device_id }) => device_id as string).toSorted());
    const last = (await rows(tenant, "events")).at(-1)!;
    expect([last.installs_active, last.installs_total]).toEqual([registered.length, came]);
  });

  it("a pass that is erased between the check of its token and the registration gets no rows", async () => {
    const { tenant, held } = await installed();
    const DATA_DB = new Proxy(env.DATA_DB, {
      get(db, member) {
        if (member !== "batch") return Reflect.get(db, member).bind(db);
        return async (statements: D1PreparedStatement[]) => {
          await db.prepare("delete from passes where tenant_id = ?").bind(tenant.id).run();
          return db.batch(statements);
        };
      },
    });
    const before = await installEvents(tenant);
    await newDevice().register(held, { env: { ...env, DATA_DB } as Cloudflare.Env });
    expect(await rows(tenant, "registrations")).toEqual([]);
    expect(await rows(tenant, "devices")).toEqual([]);
    expect(await installEvents(tenant)).toEqual(before);
  });
});

describe("who may call", { timeout: 20_000 }, () => {
  const calls: [string, (held: HeldPass, headers: Record<string, string>) => Promise<Answer>][] = [
    ["register", (held, headers) => newDevice("probe").register(held, { headers })],
    ["unregister", (held, headers) => newDevice("probe").unregister(held, { headers })],
    ["fetch", (held, headers) => call("GET", passPath(held), { headers })],
    ["head", (held, headers) => call("HEAD", passPath(held), { headers })],
    ["personalize", (held, headers) => call("POST", `${passPath(held)}/personalize`, { body: {}, headers })],
  ];

  it.each(calls)("%s answers 401 alike to whatever is wrong", async (_, send) => {
    const [{ tenant, held }, other] = [await installed(), await installed()];
    const sibling = await heldPass(tenant, (await newPass(tenant)).id);
    const token = held.authenticationToken;
    const own = applePass(held);
    const wrong: [string, HeldPass, Record<string, string>][] = [
      ["no header", held, {}],
      ["a bad token", held, { authorization: "ApplePass 0123456789abcdef" }],
      ["a shorter token", held, { authorization: `ApplePass ${token.slice(0, -1)}` }],
      ["a longer token", held, { authorization: `ApplePass ${token}x` }],
      ["the token in capitals", held, { authorization: `ApplePass ${token.toUpperCase()}` }],
      ["two tokens", held, { authorization: `ApplePass ${token} ${token}` }],
      ["no token", held, { authorization: "ApplePass " }],
      ["no scheme", held, { authorization: token }],
      ["Bearer", held, { authorization: `Bearer ${token}` }],
      ["Basic", held, { authorization: `Basic ${btoa(`ApplePass:${token}`)}` }],
      ["an API key", held, { authorization: `Bearer ${tenant.token}` }],
      ["another pass's token", held, applePass(sibling)],
      ["an unknown serial", { ...held, serialNumber: "pass_00000000000000000000000000" }, own],
      ["a serial that is no id", { ...held, serialNumber: "x" }, own],
      ["a wrong type", { ...held, passTypeIdentifier: "pass.com.example.other" }, own],
      ["another tenant's type", { ...held, passTypeIdentifier: other.held.passTypeIdentifier }, own],
      ["another tenant's code", { ...held, base: other.held.base }, own],
      ["an unknown code", { ...held, base: "/apple/00000000/v1" }, own],
      ["the code in small letters", { ...held, base: held.base.toLowerCase() }, own],
    ];
    const bodies = new Set<string>();
    for (const [what, pass, headers] of wrong) {
      const answer = await send(pass, headers);
      expect(answer.status, what).toBe(401);
      expect(answer.headers.get("www-authenticate"), what).toBe("ApplePass");
      expect(answer.headers.get("cache-control"), what).toBe("no-store");
      const requestId = answer.headers.get("x-request-id")!;
      bodies.add(answer.text.replaceAll(requestId, ""));
    }
    expect(bodies.size).toBe(1);
  });

  it("the scheme has no case, and the token is looked at before the body", async () => {
    const { held } = await installed();
    const device = newDevice();
    for (const scheme of ["applepass", "APPLEPASS", "ApplePass"]) {
      const headers = { authorization: `${scheme} ${held.authenticationToken}` };
      expect((await device.register(held, { headers })).status, scheme).toBeLessThan(300);
    }
    expect((await device.register(held, { headers: {}, body: "{" })).status).toBe(401);
  });

  it("R128 a suspended tenant's phones are told to come back, and a deleted one's that there is nothing", async () => {
    const { tenant, held } = await installed();
    const { headers } = await fetchPass(held);
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    const head = () => call("HEAD", passPath(held), { headers: applePass(held) });
    const enrol = () =>
      call("POST", `${passPath(held)}/personalize`, {
        headers: applePass(held),
        body: { personalizationToken: "token", requiredPersonalizationInfo: {} },
      });
    for (const answer of [await fetchPass(held), await head(), await enrol()]) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "60"]);
    }
    expect((await fetchPass(held)).body.code).toBe("temporarily_unavailable");
    expect((await fetchPass(held, { "if-none-match": headers.get("etag")! })).status).toBe(304);
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "active" } });
    expect((await fetchPass(held)).status).toBe(200);
    expect((await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken })).status).toBe(202);
    for (const answer of [await fetchPass(held), await head(), await enrol()]) expect(answer.status).toBe(401);
  });
});

describe("what devices send", { timeout: 20_000 }, () => {
  it("push tokens are opaque, up to 1,000 characters", async () => {
    const { tenant, held } = await installed();
    const device = newDevice();
    for (const pushToken of ["x", "a".repeat(1000), "é✓ /+=", "'; drop table devices --", "\u0001", "0"]) {
      expect((await device.register(held, { body: { pushToken } })).status).toBeLessThan(300);
      expect(await rows(tenant, "devices")).toMatchObject([{ push_token: pushToken }]);
    }
    const wrong = [{ pushToken: "a".repeat(1001) }, { pushToken: "" }, { pushToken: 1 }, { pushToken: null }, {}, []];
    for (const body of wrong) {
      const answer = await device.register(held, { body });
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(answer.body.code).toBe("validation_error");
      expect(answer.body.errors[0].pointer).toBe(Array.isArray(body) ? "#" : "#/pushToken");
    }
    expect(await rows(tenant, "devices")).toMatchObject([{ push_token: "0" }]);
  });

  it("bodies may be of any type or of none, and may say more", async () => {
    const { held } = await installed();
    const body = JSON.stringify({ pushToken: "t", environment: "production", more: { pushToken: 1 } });
    for (const type of [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "x",
    ]) {
      const headers = { ...applePass(held), "content-type": type };
      expect((await newDevice().register(held, { body, headers })).status, type).toBe(201);
    }
    const bytes = new TextEncoder().encode(body);
    expect(
      (await newDevice().register(held, { body: bytes, headers: { ...applePass(held), "content-type": "" } })).status,
    ).toBe(201);
  });

  it("refuses bodies that are no JSON, nested deeply, or too large", async () => {
    const { tenant, held } = await installed();
    const device = newDevice();
    const nested = (levels: number) => `{"pushToken":"t","x":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    const wrong: [string | Uint8Array, number, string][] = [
      ["", 400, "malformed_json"],
      ["{", 400, "malformed_json"],
      ["pushToken=t", 400, "malformed_json"],
      [new Uint8Array([0x7b, 0xff, 0x7d]), 400, "malformed_json"],
      ["null", 400, "validation_error"],
      ['"t"', 400, "validation_error"],
      [nested(100), 400, "validation_error"],
      [nested(20_000), 400, "validation_error"],
      ['{"pushToken":"\\ud800"}', 400, "validation_error"],
      ['{"pushToken":"t","__proto__":{"x":1}}', 400, "validation_error"],
      [`{"pushToken":"t","x":"${"y".repeat(65_536)}"}`, 413, "body_too_large"],
    ];
    for (const [body, status, code] of wrong) {
      const answer = await device.register(held, { body });
      expect([answer.status, answer.body.code], String(body).slice(0, 40)).toEqual([status, code]);
    }
    expect(await rows(tenant, "devices")).toEqual([]);
  });

  it("names of devices are opaque, up to 255 characters", async () => {
    const { tenant, held } = await installed();
    const ids = ["x", "a".repeat(255), "a/b", "..", "é ✓", "%", "b33e3a3dccb3030333e3333da33333a3"];
    for (const id of ids) {
      const device = newDevice(id);
      // A dot segment never arrives: URLs are resolved before they are sent.
      if (id === "..") continue;
      expect((await device.register(held)).status, id).toBe(201);
      expect((await device.list(held)).body.serialNumbers, id).toEqual([held.serialNumber]);
    }
    expect((await rows(tenant, "devices")).length).toBe(ids.length - 1);
    const long = newDevice("a".repeat(256));
    for (const answer of [await long.register(held), await long.unregister(held), await long.list(held)]) {
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ pointer: "#/deviceLibraryIdentifier", in: "path" }]);
    }
  });
});

describe("paths", { timeout: 20_000 }, () => {
  it("takes no segment more and none less", async () => {
    const { held } = await installed();
    const headers = applePass(held);
    const device = "device-1";
    const [list, registration, pass] = [listPath(held, device), registrationPath(held, device), passPath(held)];
    const wrong: [string, string][] = [
      ["POST", `${registration}/more`],
      ["POST", `${registration}/`],
      ["POST", `${held.base}/devices/${device}/${held.passTypeIdentifier}/${held.serialNumber}`],
      ["POST", registration.replace("/v1/", "/v1/v1/")],
      ["POST", registration.replace("/v1/", "/")],
      ["POST", registration.replace("/v1/", "/v2/")],
      ["POST", registration.replace("/devices/", "//devices/")],
      ["POST", `${held.base}/devices//registrations/${held.passTypeIdentifier}/${held.serialNumber}`],
      ["DELETE", `${registration}/more`],
      ["GET", `${list}/`],
      ["GET", `${held.base}/devices/${device}/registrations`],
      ["GET", `${held.base}/devices/${device}/registrations/`],
      ["GET", `${held.base}/devices/${device}`],
      ["GET", `${pass}/`],
      ["GET", `${pass}/more`],
      ["GET", `${held.base}/passes/${held.passTypeIdentifier}`],
      ["GET", `${held.base}/passes`],
      ["HEAD", `${pass}/more`],
      ["POST", `${held.base}/log/`],
      ["POST", `${held.base}/log/more`],
      ["POST", `${pass}/personalize/more`],
      ["GET", held.base],
      ["GET", "/apple"],
    ];
    for (const [method, path] of wrong) {
      const answer = await call(method, path, { headers });
      expect(answer.status, `${method} ${path}`).toBe(404);
      if (method !== "HEAD") expect(answer.body.code, `${method} ${path}`).toBe("not_found");
    }
  });

  it("answers 405 to methods that a path does not take", async () => {
    const { held } = await installed();
    const headers = applePass(held);
    const taken: [string, string[]][] = [
      [registrationPath(held, "d"), ["POST", "DELETE"]],
      [listPath(held, "d"), ["GET", "HEAD"]],
      [passPath(held), ["GET", "HEAD"]],
      [`${passPath(held)}/personalize`, ["POST"]],
      [`${held.base}/log`, ["POST"]],
    ];
    for (const [path, methods] of taken) {
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        if (methods.includes(method)) continue;
        const answer = await call(method, path, { headers });
        expect(answer.status, `${method} ${path}`).toBe(405);
        expect(answer.headers.get("allow")!.split(", ").toSorted(), path).toEqual(methods.toSorted());
      }
    }
  });

  it("R209 an error in a handler gives 500, and says nothing of itself", async () => {
    const { held } = await installed();
    const DATA_DB = new Proxy(env.DATA_DB, {
      get: () => () => {
        throw new Error("no such column: secret_column");
      },
    });
    const options = { env: { ...env, DATA_DB } as Cloudflare.Env };
    const device = newDevice();
    const answers = [
      await device.register(held, options),
      await device.unregister(held, options),
      await device.list(held, undefined, options),
      await fetchPass(held, {}, options),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([500, "internal_error"]);
      expect(answer.text).not.toContain("secret_column");
    }
  });
});
