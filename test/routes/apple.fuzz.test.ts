import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { call, newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { applePass, fetchPass, heldPass, newDevice, type HeldPass } from "../support/device";

/** Whatever is thrown at the web service: never a fault, never a word about what is stored, and counts that are right. */

let tenant: TestTenant;
let passes: HeldPass[];

beforeAll(async () => {
  tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const issued = [];
  for (let index = 0; index < 3; index += 1) {
    issued.push(await newPass(tenant, { templateId, values: { member: `Secret Person ${index}` } }));
  }
  passes = await Promise.all(issued.map(({ id }) => heldPass(tenant, id)));
});

const hostile = [
  "",
  "x",
  "%",
  "%00",
  "%ff%fe",
  "%2F",
  "%2e%2e",
  "..",
  "*",
  "__proto__",
  "constructor",
  "null",
  "' or 1=1 --",
  "devices",
  "registrations",
  "passes",
  "v1",
  "personalize",
  "log",
  "😀",
  "a".repeat(255),
  "a".repeat(2_000),
];

const own = () => [
  tenant.code,
  tenant.code.toLowerCase(),
  ...passes.flatMap(({ passTypeIdentifier, serialNumber }) => [passTypeIdentifier, serialNumber]),
];

/** Paths made of what stands in paths, in any order. */
const path = () =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...own(), ...hostile),
        fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
      ),
      { maxLength: 8 },
    )
    .map((segments) => `/apple/${segments.join("/")}`);

/** Paths of the right shape, with anything in them. */
const shapedPath = () => {
  const segment = fc
    .oneof(fc.constantFrom(...own(), ...hostile), fc.string({ unit: "binary", maxLength: 300 }))
    .map((text) => (hostile.includes(text) ? text : encodeURIComponent(text.toWellFormed())));
  return fc
    .tuple(fc.constantFrom(tenant.code, "00000000", "x"), segment, segment, segment, fc.integer({ min: 0, max: 4 }))
    .map(([code, a, b, c, shape]) => {
      const shapes = [
        `devices/${a}/registrations/${b}/${c}`,
        `devices/${a}/registrations/${b}?passesUpdatedSince=${c}`,
        `passes/${a}/${b}`,
        `passes/${a}/${b}/personalize`,
        "log",
      ];
      return `/apple/${code}/v1/${shapes[shape]}`;
    });
};

const headers = () =>
  fc.record(
    {
      authorization: fc.oneof(
        fc.constantFrom("ApplePass", "ApplePass x", "Bearer x", "", `ApplePass ${"y".repeat(4_000)}`),
        fc.constantFrom(...passes.map(applePass).map(({ authorization }) => authorization!)),
      ),
      "content-type": fc.constantFrom(
        "application/json",
        "text/plain",
        "multipart/form-data",
        "",
        ";",
        "x/y; charset=zz",
      ),
      "if-none-match": fc.oneof(
        fc.constantFrom("*", '"', 'W/"1"', '"1","2"', ",", `"${"9".repeat(50)}"`),
        fc.stringMatching(/^[ -~]{0,50}$/),
      ),
      "if-modified-since": fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        fc.stringMatching(/^[ -~]{0,40}$/),
      ),
    },
    { requiredKeys: [] },
  );

const body = () =>
  fc.oneof(
    fc.constant(undefined),
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }),
    fc.json({ maxDepth: 6 }),
    fc
      .record({ pushToken: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()) })
      .map((value) => JSON.stringify(value)),
    fc.record({ logs: fc.array(fc.jsonValue(), { maxLength: 40 }) }).map((value) => JSON.stringify(value)),
    fc
      .record({ personalizationToken: fc.jsonValue(), requiredPersonalizationInfo: fc.jsonValue() })
      .map((value) => JSON.stringify(value)),
  );

const taken = [200, 201, 204, 304, 400, 401, 404, 405, 409, 413];

async function assertHarmless(method: string, target: string, options: { headers: object; body: unknown }) {
  const bodyless = method === "GET" || method === "HEAD";
  const answer = await call(method, target, {
    headers: options.headers as Record<string, string>,
    ...(!bodyless && { body: options.body }),
  });
  expect(taken, `${method} ${target} ${answer.text.slice(0, 300)}`).toContain(answer.status);
  if (answer.status === 200 && answer.headers.get("content-type") === "application/vnd.apple.pkpass") return;
  for (const secret of ["Secret Person", ...passes.map(({ authenticationToken }) => authenticationToken)]) {
    expect(answer.text).not.toContain(secret);
  }
  if (answer.status >= 400 && method !== "HEAD") {
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(["type", "title", "status", "code", "requestId"]));
  }
}

const methods = ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"];

describe("anything at all", { timeout: 120_000 }, () => {
  it.each([
    ["paths of any shape", path],
    ["paths of the right shape", shapedPath],
  ])("%s get a plain answer", async (_, paths) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        paths(),
        headers(),
        body(),
        (method, target, someHeaders, someBody) =>
          assertHarmless(method, target, { headers: someHeaders, body: someBody }),
      ),
      { numRuns: 600, seed: 127 },
    );
  });

  it("devices that come, go and ask in any order leave counts, events and lists that agree", async () => {
    const devices = Array.from({ length: 3 }, () => newDevice());
    const step = fc.record({
      act: fc.constantFrom("register", "unregister", "list", "fetch", "update") as fc.Arbitrary<
        "register" | "unregister" | "list" | "fetch" | "update"
      >,
      device: fc.nat(2),
      pass: fc.nat(2),
      points: fc.integer({ min: 0, max: 1_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
        // The steps of a round happen at once.
        for (const round of rounds) {
          const answers = await Promise.all(
            round.map(({ act, device, pass, points }) => {
              const [one, held] = [devices[device]!, passes[pass]!];
              switch (act) {
                case "register":
                  return one.register(held);
                case "unregister":
                  return one.unregister(held);
                case "list":
                  return one.list(held);
                case "fetch":
                  return fetchPass(held);
                case "update":
                  return tenant.patch(`/v2/passes/${held.serialNumber}`, { values: { points } });
              }
            }),
          );
          for (const { status, text } of answers) expect(status, text).toBeLessThan(300);
        }
        await assertAgreement(devices);
      }),
      { numRuns: 15, seed: 128 },
    );
  });
});

async function assertAgreement(devices: ReturnType<typeof newDevice>[]): Promise<void> {
  const all = async (sql: string) => (await env.DATA_DB.prepare(sql).bind(tenant.id).all<any>()).results;
  const registrations = await all("select * from registrations where tenant_id = ?");
  const events = await all("select * from events where tenant_id = ? order by seq");
  const stored = await all("select * from passes where tenant_id = ?");
  for (const { id, apple_active, apple_total, first_installed_at } of stored) {
    const of = (type: string) => events.filter((event) => event.pass_id === id && event.type === type).length;
    expect(apple_active).toBe(registrations.filter(({ pass_id }) => pass_id === id).length);
    expect(apple_total).toBe(of("pass.installed"));
    expect(apple_active).toBe(of("pass.installed") - of("pass.uninstalled"));
    expect(first_installed_at !== null).toBe(apple_total > 0);
  }
  expect(events.at(-1).installs_active).toBe(registrations.length);
  const known = await all("select id from devices where tenant_id = ?");
  expect(known.map(({ id }) => id).toSorted()).toEqual(
    [...new Set(registrations.map(({ device_id }) => device_id))].toSorted(),
  );
  for (const { id, list } of devices) {
    const { status, body: listed } = await list(passes[0]!);
    const own = registrations.filter(({ device_id }) => device_id === id).map(({ pass_id }) => pass_id);
    if (own.length === 0) expect(status).toBe(204);
    else expect(listed.serialNumbers.toSorted()).toEqual(own.toSorted());
  }
}
