import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { buildContext } from "../../src/context";
import { finishDeletions } from "../../src/services/images/finish-deletions";
import { call, newTemplate, newTenant, pixel, storeCard, type Answer, type TestTenant } from "../support/api";
import { imageUses, upload } from "../support/images";
import { pictureBytes } from "../support/pictures";
import { greyPng } from "../support/png";

/** What happens at one call of R2 or the data database: it fails before it does what it was asked, or after, or something else comes first. */
interface Step {
  /** Of R2: `put`; of the database: the first word of its statement, or `batch`. */
  call: string;
  /** Counted from 1. */
  nth: number;
  moment: "before" | "after" | (() => Promise<unknown>);
}

function stepping({ call: name, nth, moment }: Step): { bindings: Cloudflare.Env; reached: () => boolean } {
  let calls = 0;
  const attempt = async <T>(member: string, act: () => Promise<T>): Promise<T> => {
    if (member !== name || (calls += 1) !== nth) return act();
    if (typeof moment === "function") {
      await moment();
      return act();
    }
    if (moment === "after") await act();
    throw new Error(`${name} is away`);
  };
  const stepped = <T extends object>(target: T, nameOf: (member: string) => string = (member) => member): T =>
    new Proxy(target, {
      get(real, member) {
        const value: unknown = Reflect.get(real, member);
        if (typeof value !== "function" || typeof member !== "string") return value;
        if (member === "withSession") return () => real;
        if (member === "prepare") {
          return (query: string) => steppedStatement((value as D1Database["prepare"]).call(real, query), query);
        }
        return (...given: unknown[]) =>
          attempt(nameOf(member), () => Promise.resolve(Reflect.apply(value, real, given.map(unwrapped))));
      },
    });
  const originals = new WeakMap<object, D1PreparedStatement>();
  const unwrapped = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((one) => originals.get(one as object) ?? one) : value;
  const steppedStatement = (statement: D1PreparedStatement, query: string): D1PreparedStatement => {
    const word = /^\s*(\w+)/.exec(query)![1]!;
    const run = (member: "all" | "run" | "raw") => () => attempt(word, () => statement[member]() as Promise<unknown>);
    const wrapped = {
      bind: (...values: unknown[]) => steppedStatement(statement.bind(...values), query),
      all: run("all"),
      run: run("run"),
      raw: run("raw"),
    };
    originals.set(wrapped, statement);
    return wrapped as unknown as D1PreparedStatement;
  };
  const bindings = { ...env, FILES: stepped(env.FILES), DATA_DB: stepped(env.DATA_DB) } as Cloudflare.Env;
  return { bindings, reached: () => calls >= nth };
}

const objectsOf = async ({ code }: TestTenant): Promise<string[]> =>
  (await env.FILES.list({ prefix: `${code}/images/` })).objects.map(({ key }) => key.slice(`${code}/images/`.length));

const idOf = (object: string): string => object.slice(0, 30);

async function rowsOf({ id }: TestTenant): Promise<{ id: string; deleting_at: number | null; uses: number }[]> {
  const query = "select id, deleting_at, template_uses + pass_uses as uses from images where tenant_id = ? order by id";
  return (await env.DATA_DB.prepare(query).bind(id).all<{ id: string; deleting_at: number | null; uses: number }>())
    .results;
}

/** Every object has its row, and whatever is shown has its object. */
async function expectNoOrphans(tenant: TestTenant): Promise<void> {
  const [objects, rows] = [await objectsOf(tenant), await rowsOf(tenant)];
  const ids = new Set(rows.map(({ id }) => id));
  expect(objects.filter((object) => !ids.has(idOf(object)))).toEqual([]);
  for (const { id, uses, deleting_at } of rows) {
    if (uses === 0) continue;
    expect(deleting_at).toBeNull();
    expect(objects).toContain(`${id}.png`);
  }
}

const minutes = 60_000;
const cron = (later = 10 * minutes) => finishDeletions(buildContext(env, "req_cron", Date.now() + later));

/** Those of other tests, so that a run can be counted. */
async function drained(): Promise<void> {
  while ((await cron(60 * minutes)) > 0);
}

const jpeg = pictureBytes("jpegOrientation6");
const photo = greyPng(300, 300, 1);
const publicPath = (tenant: TestTenant, id: string) => `/images/${tenant.code}/${id}.png`;
const served = async (tenant: TestTenant, id: string) => (await call("GET", publicPath(tenant, id))).status;

interface World {
  tenant: TestTenant;
  templateId: string;
}

async function newWorld(): Promise<World> {
  const tenant = await newTenant();
  return { tenant, templateId: await newTemplate(tenant, { style: "generic", images: { icon: { "1x": pixel } } }) };
}

type Request = (world: World, bindings?: Cloudflare.Env) => Promise<Answer>;

const storing: Record<string, { request: Request; steps: [call: string, times: number][] }> = {
  "an upload": {
    request: ({ tenant }, bindings = env as Cloudflare.Env) =>
      tenant.post("/v2/images", jpeg, { env: bindings, headers: { "content-type": "image/jpeg" } }),
    steps: [
      ["batch", 1],
      ["put", 2],
    ],
  },
  "a template with a new picture": {
    request: ({ tenant }, bindings = env as Cloudflare.Env) =>
      tenant.post("/v2/templates", storeCard({ images: { icon: photo } }), { env: bindings }),
    // The picture, three densities and the pack.
    steps: [
      ["batch", 2],
      ["put", 5],
    ],
  },
  "a pass with a new photo": {
    request: ({ tenant, templateId }, bindings = env as Cloudflare.Env) =>
      tenant.post("/v2/passes", { templateId, overrides: { images: { thumbnail: photo } } }, { env: bindings }),
    steps: [
      ["batch", 2],
      ["put", 4],
    ],
  },
};

const cases = Object.entries(storing).flatMap(([name, { request, steps }]) =>
  steps.flatMap(([step, times]) =>
    Array.from({ length: times }, (_, index) => index + 1).flatMap((nth) =>
      (["before", "after"] as const).map((moment) => ({ name, request, step: { call: step, nth, moment } })),
    ),
  ),
);

describe("R055 when something fails while a picture is being stored", () => {
  it.each(cases.map((one) => [one.name, one.step.moment, one.step.call, one.step.nth, one] as const))(
    "%s leaves nothing astray (%s %s %i), and a repeat completes it",
    async (_, __, ___, ____, { request, step }) => {
      const world = await newWorld();
      const { bindings, reached } = stepping(step);
      const failed = await request(world, bindings);
      expect(reached()).toBe(true);
      expect(failed.status, failed.text).toBe(500);
      await expectNoOrphans(world.tenant);
      const repeated = await request(world);
      expect([200, 201], repeated.text).toContain(repeated.status);
      await expectNoOrphans(world.tenant);
      for (const { id } of await rowsOf(world.tenant)) expect(await served(world.tenant, id)).toBe(200);
    },
  );

  it("R087 a picture of a request that is refused at the end is an image that nothing shows", async () => {
    const { tenant, templateId } = await newWorld();
    const body = { templateId, externalId: "card", values: {} };
    await tenant.post("/v2/passes", body);
    const refused = await tenant.post("/v2/passes", { ...body, overrides: { images: { thumbnail: photo } } });
    expect(refused.status).toBe(409);
    await expectNoOrphans(tenant);
    const unused = Object.entries(await imageUses(tenant)).filter(([, uses]) => uses.templates + uses.passes === 0);
    expect(unused).toHaveLength(1);
    const [[id]] = unused as [[string, unknown]];
    expect((await tenant.get("/v2/images")).body.data.map(({ id: listed }: { id: string }) => listed)).toContain(id);
    expect((await tenant.delete(`/v2/images/${id}`)).status).toBe(204);
  });
});

describe("R047 when something fails while an image is being deleted", () => {
  // The batch begins the deletion, the update ends it.
  const steps = (["batch", "list", "delete", "update"] as const).flatMap((name) =>
    (["before", "after"] as const).map((moment) => [moment, name] as const),
  );
  it.each(steps)("(%s %s) a repeat or cron finishes it, and nothing is left", async (moment, name) => {
    for (const finish of ["repeat", "cron"]) {
      const { tenant } = await newWorld();
      const { body } = await tenant.post("/v2/images", jpeg, { headers: { "content-type": "image/jpeg" } });
      const { bindings, reached } = stepping({ call: name, nth: 1, moment });
      const failed = await tenant.delete(`/v2/images/${body.id}`, { env: bindings });
      expect(reached()).toBe(true);
      expect(failed.status, failed.text).toBe(500);
      await expectNoOrphans(tenant);
      if (name === "batch" && moment === "before") {
        expect((await tenant.delete(`/v2/images/${body.id}`)).status).toBe(204);
      } else {
        expect((await tenant.get(`/v2/images/${body.id}`)).status).toBe(404);
        if (finish === "repeat") expect((await tenant.delete(`/v2/images/${body.id}`)).status).toBe(404);
      }
      await cron();
      expect((await objectsOf(tenant)).filter((object) => idOf(object) === body.id)).toEqual([]);
      expect((await rowsOf(tenant)).filter(({ id }) => id === body.id)).toEqual([]);
    }
  });

  it("cron leaves what it could not erase to its next run, and a run takes no more than twenty", async () => {
    const { tenant } = await newWorld();
    await drained();
    const ids: string[] = [];
    for (let shade = 0; shade < 21; shade += 1) ids.push(await upload(tenant, greyPng(2, 2, shade)));
    await Promise.all(ids.map((id) => tenant.delete(`/v2/images/${id}`)));
    expect(await cron(0), "while a request may still know them").toBe(0);
    const { bindings } = stepping({ call: "delete", nth: 1, moment: "before" });
    await expect(finishDeletions(buildContext(bindings, "req_cron", Date.now() + 10 * minutes))).rejects.toThrow(
      "away",
    );
    expect(await rowsOf(tenant)).toHaveLength(22);
    expect([await cron(20 * minutes), await cron(20 * minutes), await cron(20 * minutes)]).toEqual([20, 1, 0]);
    expect(await rowsOf(tenant)).toHaveLength(1);
  });

  it("purges what the cache in front of the Worker holds, and goes on where it cannot", async () => {
    const { tenant } = await newWorld();
    await drained();
    const purged: unknown[] = [];
    const failing = { purge: async () => Promise.reject(new Error("away")) };
    const cache = { purge: async (options: unknown) => (purged.push(options), { success: true, errors: [] }) };
    const ids = [await upload(tenant, photo), await upload(tenant, jpegText)];
    for (const id of ids) await tenant.delete(`/v2/images/${id}`);
    const at = Date.now() + 10 * minutes;
    await finishDeletions(buildContext(env, "req_cron", at, { cache }));
    expect(purged).toEqual([{ tags: expect.arrayContaining(ids) }]);
    await upload(tenant, photo);
    await tenant.delete(`/v2/images/${ids[0]}`);
    expect(await finishDeletions(buildContext(env, "req_cron", at, { cache: failing }))).toBe(1);
    expect((await call("GET", publicPath(tenant, await upload(tenant, photo)))).headers.get("cache-tag")).toBe(ids[0]);
  });
});

const jpegText = Buffer.from(jpeg).toString("base64");

describe("R047 when an image is stored and deleted at the same time", () => {
  const uploadPhoto = ({ tenant }: World, bindings: Cloudflare.Env = env as Cloudflare.Env) =>
    tenant.post("/v2/images", { data: photo }, { env: bindings });

  it("what an upload puts late stands beside a row, until cron or the next upload takes both", async () => {
    for (const next of ["cron", "upload"]) {
      const world = await newWorld();
      const { tenant } = world;
      const id = await upload(tenant, photo);
      await env.FILES.delete(`${tenant.code}/images/${id}.png`);
      const deleting = () => tenant.delete(`/v2/images/${id}`);
      const { bindings, reached } = stepping({ call: "put", nth: 1, moment: deleting });
      const overtaken = await uploadPhoto(world, bindings);
      expect(reached()).toBe(true);
      expect([overtaken.status, overtaken.body.code, overtaken.headers.get("retry-after")]).toEqual([
        503,
        "temporarily_unavailable",
        "5",
      ]);
      expect(await objectsOf(tenant)).toContain(`${id}.png`);
      await expectNoOrphans(tenant);
      if (next === "upload") expect((await uploadPhoto(world)).status).toBe(201);
      await cron();
      expect(await served(tenant, id)).toBe(next === "upload" ? 200 : 404);
      expect((await tenant.get(`/v2/images/${id}`)).status).toBe(next === "upload" ? 200 : 404);
      await expectNoOrphans(tenant);
      expect(await rowsOf(tenant)).toHaveLength(next === "upload" ? 2 : 1);
    }
  });

  it("R087 what a pass derives late is taken, too, and the pass is refused or stores the picture again", async () => {
    for (const [source, status] of [
      ["id", 400],
      ["content", 201],
    ] as const) {
      const { tenant, templateId } = await newWorld();
      const id = await upload(tenant, photo);
      const thumbnail = source === "id" ? id : photo;
      const { bindings } = stepping({ call: "put", nth: 1, moment: () => tenant.delete(`/v2/images/${id}`) });
      const answer = await tenant.post(
        "/v2/passes",
        { templateId, overrides: { images: { thumbnail } } },
        { env: bindings },
      );
      expect(answer.status, answer.text).toBe(status);
      await expectNoOrphans(tenant);
      await cron();
      expect((await objectsOf(tenant)).filter((object) => idOf(object) === id)).toHaveLength(source === "id" ? 0 : 4);
      await expectNoOrphans(tenant);
    }
  });

  it("whoever wants the image while its objects go is asked to wait, and gets it afterwards", async () => {
    const world = await newWorld();
    const { tenant, templateId } = world;
    const id = await upload(tenant, photo);
    const answers: Answer[] = [];
    const meanwhile = async () => {
      const images = (thumbnail: string) => ({ templateId, overrides: { images: { thumbnail } } });
      answers.push(
        await uploadPhoto(world),
        await tenant.post("/v2/passes", images(id)),
        await tenant.post("/v2/passes", images(photo)),
        await tenant.post("/v2/templates", storeCard({ images: { icon: id } })),
      );
      expect((await tenant.get(`/v2/images/${id}`)).status).toBe(404);
      expect((await tenant.get("/v2/images")).body.data).toHaveLength(1);
      expect((await tenant.delete(`/v2/images/${id}`)).status).toBe(404);
    };
    for (const call of ["list", "delete"]) {
      const { bindings } = stepping({ call, nth: 1, moment: meanwhile });
      expect((await tenant.delete(`/v2/images/${id}`, { env: bindings })).status).toBe(204);
      for (const { status, body, headers } of answers.splice(0)) {
        expect([status, body.code, headers.get("retry-after")]).toEqual([503, "temporarily_unavailable", "5"]);
      }
      expect((await uploadPhoto(world)).status).toBe(201);
      expect(await served(tenant, id)).toBe(200);
    }
  });

  it("a deletion that was given up for a minute counts as done", async () => {
    const world = await newWorld();
    const { tenant } = world;
    const id = await upload(tenant, photo);
    const begin = (ago: number) =>
      env.DATA_DB.prepare("update images set deleting_at = ? where id = ?")
        .bind(Date.now() - ago, id)
        .run();
    await begin(minutes / 2);
    expect((await uploadPhoto(world)).status).toBe(503);
    await begin(2 * minutes);
    expect((await uploadPhoto(world)).status).toBe(201);
    expect((await tenant.get(`/v2/images/${id}`)).status).toBe(200);
    await cron();
    expect(await served(tenant, id)).toBe(200);
  });

  it("R222 an image that was deleted is unknown by its id", async () => {
    const { tenant } = await newWorld();
    const id = await upload(tenant, photo);
    await tenant.delete(`/v2/images/${id}`);
    const answer = await tenant.post("/v2/templates", storeCard({ images: { icon: id } }));
    expect(answer.body.errors).toMatchObject([{ pointer: "#/images/icon", code: "unknown_image" }]);
  });

  it("a PNG whose object was lost is stored again, and an upload says so", async () => {
    const world = await newWorld();
    const { tenant } = world;
    const id = await upload(tenant, photo);
    expect((await uploadPhoto(world)).status).toBe(200);
    await env.FILES.delete(`${tenant.code}/images/${id}.png`);
    expect((await uploadPhoto(world)).status).toBe(201);
    expect(await served(tenant, id)).toBe(200);
  });
});
