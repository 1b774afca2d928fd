import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { linkTenantCode, newLinkToken } from "../../src/db/tokens";
import { imageSlots } from "../../src/pass-model/vocabulary";
import {
  addCertificates,
  allOperations,
  exampleRequest,
  filledIn,
  newLog,
  newWorld,
  parametersOf,
  pathExample,
  placeholders,
  resolved,
  send,
  type Ids,
  type Operation,
  type World,
} from "../openapi/operations";
import { adminToken, call, storeCard, type Answer } from "../support/api";
import { issuerOf, messageOf, newCallbackGoogle, post } from "../support/callbacks";
import { heldPass, newDevice } from "../support/device";
import { connectGoogle, putAtGoogle } from "../support/google-account";
import { encodeProfile, postSignup } from "../support/signup";

/**
 * R274: tenants are isolated. Made from the OpenAPI document: wherever an operation takes an id, one tenant
 * gives another's, and neither sees nor changes anything of it.
 */

const operations = (await allOperations()).filter(({ access }) => access === "key");

/** Kinds of ids in the operation's example: in its path, and in its body. */
function idKinds(operation: Operation): (keyof Ids)[] {
  const example =
    pathExample(operation) + JSON.stringify(operation.spec.requestBody?.content["application/json"].example ?? null);
  // A link holds its tenant's code; alone the code stands nowhere but in public paths.
  return (Object.keys(placeholders) as (keyof Ids)[]).filter(
    (kind) => kind !== "code" && example.includes(placeholders[kind]),
  );
}

const takingIds = operations.filter((operation) => idKinds(operation).length > 0);

const queries = operations.flatMap((operation) =>
  parametersOf(operation.spec, "query").map((parameter) => ({ operation, parameter })),
);

/** Texts that only the owner may ever see. */
const ownTexts = ({ tenant, ids }: World): string[] => [
  tenant.id,
  tenant.code,
  tenant.keyId,
  ids.key,
  ids.tmpl,
  ids.pass,
  ids.img,
  ids.evt,
  ids.aud,
  ids.csr,
  "Ottilie",
];

async function owner(): Promise<World> {
  const world = await newWorld({ externalId: "card-4711" });
  // A changed pass has an earlier version, so that every table has a row to keep apart.
  const { status } = await world.tenant.patch(`/v2/passes/${world.ids.pass}`, {
    values: { member: "Ottilie" },
    customer: { id: "member-4711", name: "Ottilie Owner", email: "Ottilie@example.com" },
  });
  expect(status).toBe(200);
  expect((await newDevice().register(await heldPass(world.tenant, world.ids.pass))).status).toBe(201);
  await connectGoogle(world.tenant);
  await putAtGoogle(world.tenant, { id: world.ids.pass });
  const google = await newCallbackGoogle();
  const callback = await google.signer.sign(messageOf(await issuerOf(world.tenant), { id: world.ids.pass }));
  expect((await post(google, world.tenant, callback)).status).toBe(200);
  const settings = { publicUri: "https://shop.example", signupPrefill: "token" };
  await call("PATCH", `/admin/tenants/${world.tenant.id}`, { token: adminToken, body: settings });
  expect((await postSignup(world.tenant, { userProfile: encodeProfile({ FIRST_NAME: "Ottilie" }) })).status).toBe(303);
  // The number of a message is part of its id: the second is one that the stranger has not.
  world.ids.log = await newLog(world.tenant, world.ids.pass);
  return addCertificates(world);
}

/** Another tenant, with objects of its own, that knows the owner's ids. */
const stranger = () => newWorld({ externalId: "stranger-1" }).then(addCertificates);

let pair: Promise<{ owning: World; other: World }> | undefined;

/** One pair serves all tests: that the owner stays as it was is what they assert. */
// One after the other: events of two tenants in the same millisecond may have the same id.
const both = () => (pair ??= owner().then(async (owning) => ({ owning, other: await stranger() })));

function assertNothingSeen(answer: Answer, of: World): void {
  for (const text of ownTexts(of)) expect(answer.text).not.toContain(text);
}

async function tablesOf(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like '\\_cf\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\' and name <> 'd1_migrations' order by name",
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Every row and object of a tenant, in every table of both databases and in R2. */
async function everythingOf({ tenant }: World): Promise<Record<string, unknown[]>> {
  const kept: Record<string, unknown[]> = {};
  for (const db of [env.CONTROL_DB, env.DATA_DB]) {
    for (const table of await tablesOf(db)) {
      // The deployment's own facts belong to no tenant, nor do addresses that guess.
      if (table === "deployment" || table === "blocked_networks") continue;
      const column = table === "tenants" ? "id" : "tenant_id";
      const { results } = await db.prepare(`select * from ${table} where ${column} = ?`).bind(tenant.id).all();
      // There is one audit log in each database.
      kept[table in kept ? `${table} of data` : table] = results;
    }
  }
  const { objects } = await env.FILES.list({ prefix: `${tenant.code}/` });
  kept.files = objects.map(({ key, etag, size }) => ({ key, etag, size }));
  return kept;
}

async function assertUntouched(world: World, before: Record<string, unknown[]>): Promise<void> {
  expect(JSON.stringify(await everythingOf(world))).toBe(JSON.stringify(before));
}

describe("R274 another tenant's objects do not exist", { timeout: 20_000 }, () => {
  it("R274 has a row of the owner in every table", async () => {
    const kept = await everythingOf((await both()).owning);
    const empty = Object.entries(kept).flatMap(([table, rows]) => (rows.length === 0 ? [table] : []));
    expect(empty).toEqual([]);
    expect(Object.keys(kept)).toEqual(
      expect.arrayContaining(["tenants", "credentials", "passes", "pass_versions", "links", "events", "files"]),
    );
  });

  it.each(takingIds.flatMap((operation) => idKinds(operation).map((kind) => [operation.id, kind, operation] as const)))(
    "R274 %s answers 404 to another tenant's %s id",
    async (_, kind, operation) => {
      const { owning, other } = await both();
      const before = await everythingOf(owning);
      const request = exampleRequest(operation, other, { ...other.ids, [kind]: owning.ids[kind] });
      const answer = await send(request);
      expect(answer.status, answer.text).toBe(404);
      expect(answer.body.code).toBe("not_found");
      assertNothingSeen(answer, owning);
      // Not even its own validity tells whether the object is there.
      const ghost = await send(exampleRequest(operation, other, { ...other.ids, [kind]: ghostOf(owning.ids[kind]) }));
      expect({ ...ghost.body, requestId: "", instance: "" }).toEqual({ ...answer.body, requestId: "", instance: "" });
      await assertUntouched(owning, before);
    },
  );

  it.each(queries.map(({ operation, parameter }) => [operation.id, parameter.name, operation, parameter] as const))(
    "R274 %s shows nothing of another tenant by ?%s",
    async (_, name, operation, parameter) => {
      const { owning, other } = await both();
      const before = await everythingOf(owning);
      const request = exampleRequest(operation, other);
      for (const example of parameter.schema.examples) {
        const value = filledIn(String(example), owning.ids);
        const query = new URLSearchParams({ [name]: value }).toString();
        const answer = await send({ ...request, path: `${request.path}?${query}` });
        if (answer.status >= 300) {
          expect(answer.body).toMatchObject({
            code: "validation_error",
            errors: [{ pointer: `#/${name}`, code: "invalid_cursor" }],
          });
        } else if (value !== String(example)) {
          expect(answer.body.data).toEqual([]);
        }
        assertNothingSeen(answer, owning);
      }
      await assertUntouched(owning, before);
    },
  );

  it("R274 answers cursors of another tenant as it answers cursors of nothing", async () => {
    const { owning, other } = await both();
    const lists: [string, string][] = [
      ["/v2/passes", owning.ids.pass],
      ["/v2/templates", owning.ids.tmpl],
      ["/v2/api-keys", owning.ids.key],
      ["/v2/events", owning.ids.evt],
      ["/v2/audit-log", owning.ids.aud],
      ["/v2/apple/certificate-requests", owning.ids.csr],
      ["/v2/apple/certificates", owning.ids.type],
      ["/v2/apple/logs", owning.ids.log],
    ];
    for (const [path, id] of lists) {
      for (const name of ["startingAfter", "endingBefore"]) {
        const answer = await other.tenant.get(`${path}?${name}=${id}`);
        expect(answer.status, path).toBe(400);
        expect(answer.body.errors[0].code).toBe("invalid_cursor");
        const ghost = await other.tenant.get(`${path}?${name}=${ghostOf(id)}`);
        expect(ghost.body.errors).toEqual(answer.body.errors);
      }
    }
  });

  it("R274 lists each tenant's own objects and no others", async () => {
    const { owning, other } = await both();
    for (const operation of operations.filter(({ id }) => /^(list|getAccount)/.test(id))) {
      const answer = await send(exampleRequest(operation, other));
      expect(answer.status).toBe(200);
      assertNothingSeen(answer, owning);
      const own = await send(exampleRequest(operation, owning));
      expect(
        ownTexts(owning).some((text) => own.text.includes(text)),
        operation.id,
      ).toBe(true);
    }
  });

  it("R274 answers 404 if one pass of several is another tenant's", async () => {
    const { owning, other } = await both();
    const { status } = await other.tenant.post("/v2/passes/pkpasses", { passIds: [other.ids.pass, owning.ids.pass] });
    expect(status).toBe(404);
  });

  it("R274 keeps customers and externalIds of the same name apart", async () => {
    const [{ owning }, other] = await Promise.all([both(), stranger()]);
    const before = await everythingOf(owning);
    const customer = { id: "member-4711", name: "Someone else" };
    const answer = await other.tenant.post("/v2/passes", {
      templateId: other.ids.tmpl,
      externalId: "card-4711",
      customer,
      values: { member: "Someone else" },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body.customer).toMatchObject({ name: "Someone else" });
    const upsert = await other.tenant.post("/v2/passes?upsert=true", {
      templateId: other.ids.tmpl,
      externalId: "card-4711",
      values: { member: "Third" },
    });
    expect(upsert.body.id).toBe(answer.body.id);
    await assertUntouched(owning, before);
  });

  it("R274 does not take another tenant's image into a template or a pass", async () => {
    const { owning, other } = await both();
    const before = await everythingOf(owning);
    const unknown = { code: "unknown_image", detail: "there is no image of this id" };
    for (const [place, images] of [
      ["icon/1x", { icon: { "1x": owning.ids.img } }],
      ["icon", { icon: owning.ids.img }],
    ] as const) {
      const ofTemplates = [
        await other.tenant.post("/v2/templates", storeCard({ images })),
        await other.tenant.put(`/v2/templates/${other.ids.tmpl}`, storeCard({ images })),
        await other.tenant.patch(`/v2/templates/${other.ids.tmpl}`, { images }),
      ];
      const overrides = { images };
      const ofPasses = [
        await other.tenant.post("/v2/passes", { templateId: other.ids.tmpl, values: { member: "x" }, overrides }),
        await other.tenant.put(`/v2/passes/${other.ids.pass}`, { values: { member: "x" }, overrides }),
        await other.tenant.patch(`/v2/passes/${other.ids.pass}`, { overrides }),
      ];
      const refused = { "#/images": ofTemplates, "#/overrides/images": ofPasses };
      for (const [base, answers] of Object.entries(refused)) {
        for (const { status, body } of answers) {
          expect(status).toBe(400);
          expect(body.errors).toEqual([{ pointer: `${base}/${place}`, ...unknown }]);
        }
      }
    }
    // The same picture is another image in each tenant.
    expect(owning.ids.img).not.toBe(other.ids.img);
    await assertUntouched(owning, before);
  });

  it("R274 opens neither a link nor an image under another tenant's code", async () => {
    const { owning, other } = await both();
    const crossed = other.tenant.code + owning.ids.link.slice(other.tenant.code.length);
    expect(linkTenantCode(crossed)).toBe(other.tenant.code);
    for (const path of [
      `/p/${crossed}`,
      `/p/${crossed}/apple`,
      `/p/${crossed}/google`,
      `/images/${other.tenant.code}/${owning.ids.img}.png`,
    ]) {
      const answer = await call("GET", path);
      expect(answer.status, path).toBe(404);
      assertNothingSeen(answer, owning);
    }
    expect((await call("GET", `/p/${newLinkToken(owning.tenant.code)}`)).status).toBe(404);
    expect((await call("GET", `/images/${owning.tenant.code}/${owning.ids.img}.png`)).status).toBe(200);
  });

  it("R274 lets no API key into /admin", async () => {
    const { owning, other } = await both();
    const before = await everythingOf(owning);
    for (const operation of (await allOperations()).filter(({ access }) => access === "admin")) {
      const answer = await send({ ...exampleRequest(operation, owning), token: other.tenant.token });
      expect(answer.status, operation.id).toBe(401);
      assertNothingSeen(answer, owning);
    }
    await assertUntouched(owning, before);
  });

  it("R274 knows of every member of a body that takes an id", async () => {
    const found = new Set<string>();
    for (const operation of operations) {
      const body = operation.spec.requestBody?.content["application/json"].schema;
      if (body) for await (const name of membersTakingIds(body, new Set())) found.add(name);
    }
    // The examples cover templateId and passIds; pictures have a test of their own above.
    expect([...found].toSorted()).toEqual(["1x", "2x", "3x", "passIds", "templateId", ...imageSlots].toSorted());
  });
});

/** The same id with its last character changed: well-formed, and nobody's. */
const ghostOf = (id: string): string => id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");

async function* membersTakingIds(schema: any, seen: Set<unknown>): AsyncGenerator<string> {
  const target = await resolved(schema);
  if (typeof target !== "object" || target === null || seen.has(target)) return;
  seen.add(target);
  for (const [name, member] of Object.entries<any>(target.properties ?? {})) {
    const examples = ((await resolved(member)).examples ?? []).flat() as unknown[];
    if (Object.values(placeholders).some((id) => examples.includes(id))) yield name;
    yield* membersTakingIds(member, seen);
  }
  for (const inner of [target.items, target.additionalProperties, ...(target.anyOf ?? []), ...(target.oneOf ?? [])]) {
    if (inner) yield* membersTakingIds(inner, seen);
  }
}
