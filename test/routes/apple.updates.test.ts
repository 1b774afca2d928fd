import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { applePass, fetchPass, heldPass, newDevice, passJsonOf, passPath, type HeldPass } from "../support/device";

type Json = Record<string, any>;

async function installed(count = 1): Promise<{ tenant: TestTenant; passes: Json[]; held: HeldPass[] }> {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const passes: Json[] = [];
  for (let index = 0; index < count; index += 1) passes.push(await newPass(tenant, { templateId }));
  return { tenant, passes, held: await Promise.all(passes.map(({ id }) => heldPass(tenant, id))) };
}

const setPoints = async (tenant: TestTenant, passId: string, points: number) => {
  const { status, text } = await tenant.patch(`/v2/passes/${passId}`, { values: { points } });
  expect(status, text).toBe(200);
};

const pointsOf = async (held: HeldPass): Promise<number> =>
  passJsonOf(await fetchPass(held)).storeCard.headerFields[0].value;

describe("what changed", { timeout: 20_000 }, () => {
  it("R128 answers 204 where there is nothing, and is never cached", async () => {
    const { held } = await installed();
    const [pass] = held as [HeldPass];
    const device = newDevice();
    await device.register(pass);
    const nothing = [
      await newDevice().list(pass),
      await device.list({ ...pass, passTypeIdentifier: "pass.com.example.other" }),
      await device.list({ ...pass, base: "/apple/00000000/v1" }),
      await device.list(pass, (await device.list(pass)).body.lastUpdated),
      await device.list(pass, "999999999999999"),
    ];
    for (const answer of nothing) {
      expect([answer.status, answer.text]).toEqual([204, ""]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect((await device.list(pass)).headers.get("cache-control")).toBe("no-store");
  });

  it("tags are strings that come back as they went, and what is no tag counts as none", async () => {
    const { tenant, passes, held } = await installed();
    const device = newDevice();
    await device.register(held[0]!);
    const { body } = await device.list(held[0]!);
    expect(typeof body.lastUpdated).toBe("string");
    expect((await device.list(held[0]!, body.lastUpdated)).status).toBe(204);
    for (const tag of [
      "",
      "x",
      "-1",
      "1.5",
      "1e3",
      "0x10",
      " ",
      "NaN",
      "9".repeat(40),
      "2026-05-01T00:00:00Z",
      "é",
      "1;2",
    ]) {
      const answer = await device.list(held[0]!, tag);
      expect(answer.body, tag).toEqual(body);
    }
    await setPoints(tenant, passes[0]!.id, 1);
    const { lastUpdated } = (await device.list(held[0]!, body.lastUpdated)).body;
    expect(BigInt(lastUpdated)).toBeGreaterThan(BigInt(body.lastUpdated));
  });

  it("lists of several passes those that changed, once each, and the newest tag", async () => {
    const { tenant, passes, held } = await installed(4);
    const device = newDevice();
    for (const pass of held) await device.register(pass);
    const all = (await device.list(held[0]!)).body;
    expect(all.serialNumbers.toSorted()).toEqual(passes.map(({ id }) => id).toSorted());
    await setPoints(tenant, passes[1]!.id, 1);
    await setPoints(tenant, passes[3]!.id, 1);
    await setPoints(tenant, passes[1]!.id, 2);
    const changed = (await device.list(held[0]!, all.lastUpdated)).body;
    expect(changed.serialNumbers.toSorted()).toEqual([passes[1]!.id, passes[3]!.id].toSorted());
    expect((await device.list(held[0]!, changed.lastUpdated)).status).toBe(204);
    // What has been answered before is answered again to who asks with the tag before.
    expect((await device.list(held[0]!, all.lastUpdated)).body).toEqual(changed);
    await setPoints(tenant, passes[0]!.id, 1);
    expect((await device.list(held[0]!, changed.lastUpdated)).body.serialNumbers).toEqual([passes[0]!.id]);
  });

  it("two updates within one millisecond are both seen", async () => {
    const { tenant, passes, held } = await installed(2);
    const device = newDevice();
    for (const pass of held) await device.register(pass);
    const start = (await device.list(held[0]!)).body.lastUpdated;
    const tags = new Set<string>([start]);
    let tag = start;
    for (let points = 1; points <= 4; points += 1) {
      await setPoints(tenant, passes[points % 2]!.id, points);
      const { body } = await device.list(held[0]!, tag);
      expect(body.serialNumbers).toEqual([passes[points % 2]!.id]);
      expect(await pointsOf(held[points % 2]!)).toBe(points);
      tags.add((tag = body.lastUpdated));
    }
    expect(tags.size).toBe(5);
    const instant = Date.now();
    await env.DATA_DB.prepare(
      "update passes set updated_at = ?1, change = json_set(change, '$.at', ?1) where tenant_id = ?2",
    )
      .bind(instant, tenant.id)
      .run();
    expect((await device.list(held[0]!, start)).body.serialNumbers).toHaveLength(2);
  });

  it("a change that nobody sees is no change to a device", async () => {
    const { tenant, passes, held } = await installed();
    const device = newDevice();
    await device.register(held[0]!);
    const { lastUpdated } = (await device.list(held[0]!)).body;
    const { headers } = await fetchPass(held[0]!);
    await tenant.patch(`/v2/passes/${passes[0]!.id}`, { customer: { id: "m1", name: "Zoë" } });
    await tenant.patch(`/v2/passes/${passes[0]!.id}`, { values: { points: 0 } });
    await newDevice().register(held[0]!);
    expect((await device.list(held[0]!, lastUpdated)).status).toBe(204);
    const again = await fetchPass(held[0]!);
    expect(again.headers.get("etag")).toBe(headers.get("etag"));
    expect(again.headers.get("last-modified")).toBe(headers.get("last-modified"));
  });

  it("R128 lists a pass that changed between its download and its registration", async () => {
    const { tenant, passes, held } = await installed(2);
    const device = newDevice();
    await device.register(held[0]!);
    const { lastUpdated } = (await device.list(held[0]!)).body;
    await setPoints(tenant, passes[1]!.id, 7);
    await device.register(held[1]!);
    expect((await device.list(held[0]!, lastUpdated)).body.serialNumbers).toEqual([passes[1]!.id]);
  });

  it("R128 an update that is under way while a device asks is listed the next time", async () => {
    const { tenant, passes, held } = await installed(2);
    const device = newDevice();
    for (const pass of held) await device.register(pass);
    let tag = (await device.list(held[0]!)).body.lastUpdated;
    // Between the update's read and its batch another pass changes, and the device asks.
    const DATA_DB = new Proxy(env.DATA_DB, {
      get(db, member) {
        if (member !== "batch") return Reflect.get(db, member).bind(db);
        return async (statements: D1PreparedStatement[]) => {
          await setPoints(tenant, passes[1]!.id, 3);
          const { body } = await device.list(held[0]!, tag);
          expect(body.serialNumbers).toEqual([passes[1]!.id]);
          tag = body.lastUpdated;
          return db.batch(statements);
        };
      },
    });
    const slow = { env: { ...env, DATA_DB } as Cloudflare.Env };
    expect((await tenant.patch(`/v2/passes/${passes[0]!.id}`, { values: { points: 9 } }, slow)).status).toBe(200);
    expect((await device.list(held[0]!, tag)).body.serialNumbers).toEqual([passes[0]!.id]);
  });

  it(
    "R128 whatever devices and updates do at once, in the end every device has what the server has",
    { timeout: 60_000 },
    async () => {
      const { tenant, passes, held } = await installed(4);
      const devices = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const device = newDevice();
          for (const pass of held) await device.register(pass);
          return { device, tag: undefined as string | undefined, shown: new Map<string, number>() };
        }),
      );
      const refresh = async (one: (typeof devices)[number]) => {
        const { status, body } = await one.device.list(held[0]!, one.tag);
        if (status === 204) return;
        for (const serial of body.serialNumbers) {
          one.shown.set(serial, await pointsOf(held.find(({ serialNumber }) => serialNumber === serial)!));
        }
        one.tag = body.lastUpdated;
      };
      const updates = async (passId: string) => {
        for (let points = 1; points <= 8; points += 1) await setPoints(tenant, passId, points);
      };
      const polls = async (one: (typeof devices)[number]) => {
        for (let round = 0; round < 12; round += 1) await refresh(one);
      };
      await Promise.all([...passes.map(({ id }) => updates(id)), ...devices.map(polls)]);
      for (const one of devices) {
        await refresh(one);
        expect([...one.shown.values()]).toEqual([8, 8, 8, 8]);
      }
    },
  );
});

describe("the latest pass", { timeout: 20_000 }, () => {
  /** The pass's latest change and the one before, as if they had been made then. */
  const changedAt = (passId: string, at: number, previousAt: number | null = null) =>
    env.DATA_DB.prepare("update passes set change = json_set(change, '$.at', ?1, '$.previousAt', ?2) where id = ?3")
      .bind(at, previousAt, passId)
      .run();

  const httpDate = (milliseconds: number) => new Date(milliseconds).toUTCString();

  it("comes with its type, its tag and the time of its change, and may be kept by nobody on the way", async () => {
    const { tenant, passes, held } = await installed();
    const at = Date.UTC(2026, 0, 5, 12, 30, 15, 999);
    await changedAt(passes[0]!.id, at);
    const { status, headers, bytes } = await fetchPass(held[0]!);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    expect(headers.get("etag")).toMatch(/^W\/"\d+"$/);
    expect(headers.get("last-modified")).toBe("Mon, 05 Jan 2026 12:30:15 GMT");
    expect(headers.get("cache-control")).toBe("private, no-cache");
    expect(passJsonOf({ bytes })).toMatchObject({ serialNumber: passes[0]!.id });
    // The same time wherever the file is handed out.
    for (const answer of [
      await tenant.get(`/v2/passes/${passes[0]!.id}/pkpass`),
      await call("GET", new URL(passes[0]!.links.apple).pathname),
    ]) {
      expect(answer.headers.get("last-modified")).toBe("Mon, 05 Jan 2026 12:30:15 GMT");
    }
  });

  it("HEAD answers the same headers without the body", async () => {
    const { held } = await installed();
    const get = await fetchPass(held[0]!);
    const head = await call("HEAD", passPath(held[0]!), { headers: applePass(held[0]!) });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    for (const name of ["content-type", "etag", "last-modified", "cache-control", "content-disposition"]) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
    const headers = { ...applePass(held[0]!), "if-none-match": get.headers.get("etag")! };
    expect((await call("HEAD", passPath(held[0]!), { headers })).status).toBe(304);
  });

  it("answers 304 to its tag in every form, and the pass to any other", async () => {
    const { tenant, passes, held } = await installed();
    const tag = (await fetchPass(held[0]!)).headers.get("etag")!;
    const strong = tag.slice(2);
    for (const value of [tag, strong, "*", `"x", ${tag}`, `W/"0",${strong} , "y"`]) {
      const answer = await fetchPass(held[0]!, { "if-none-match": value });
      expect([answer.status, answer.text], value).toEqual([304, ""]);
      expect(answer.headers.get("etag"), value).toBe(tag);
      expect(answer.headers.get("cache-control"), value).toBe("private, no-cache");
      expect(answer.headers.has("last-modified"), value).toBe(true);
    }
    for (const value of ['W/"999999"', '"x"', strong.replaceAll('"', ""), "", '""', `"${"9".repeat(30)}"`, `"*"`]) {
      expect((await fetchPass(held[0]!, { "if-none-match": value })).status, value).toBe(200);
    }
    await setPoints(tenant, passes[0]!.id, 5);
    expect((await fetchPass(held[0]!, { "if-none-match": tag })).status).toBe(200);
  });

  it("answers 304 to If-Modified-Since from the second of the change on, and to no date that is none", async () => {
    const { passes, held } = await installed();
    const at = Date.UTC(2026, 0, 5, 12, 30, 15, 400);
    await changedAt(passes[0]!.id, at, at - 5_000);
    const status = async (since: string) => (await fetchPass(held[0]!, { "if-modified-since": since })).status;
    expect(await status(httpDate(at))).toBe(304);
    expect(await status(httpDate(at + 60_000))).toBe(304);
    expect(await status(httpDate(at - 1_000))).toBe(200);
    expect(await status(httpDate(Date.now() + 3_600_000))).toBe(200);
    const noDates = [
      "",
      "yesterday",
      "2026-01-06T00:00:00Z",
      String(at),
      "Mon, 05 Jan 2026 25:30:15 GMT",
      "Mon, 99 Jan 2026 12:30:15 GMT",
      "2027",
      "Tue, 06 Jan 2026 12:30:15 +0100",
    ];
    for (const since of noDates) expect(await status(since), since).toBe(200);
  });

  it("never answers 304 to a second in which the pass changed twice", async () => {
    const { tenant, passes, held } = await installed();
    const second = Date.UTC(2026, 0, 5, 12, 30, 15);
    await changedAt(passes[0]!.id, second + 300, second + 100);
    const since = { "if-modified-since": httpDate(second) };
    expect((await fetchPass(held[0]!, since)).status).toBe(200);
    await changedAt(passes[0]!.id, second + 300, second - 1);
    expect((await fetchPass(held[0]!, since)).status).toBe(304);
    // Through the API, with the clock as it is.
    const { headers } = await fetchPass(held[0]!);
    await setPoints(tenant, passes[0]!.id, 1);
    const once = await fetchPass(held[0]!, { "if-modified-since": headers.get("last-modified")! });
    expect(once.status).toBe(200);
    await setPoints(tenant, passes[0]!.id, 2);
    const last = Date.parse((await fetchPass(held[0]!)).headers.get("last-modified")!);
    const { change } = (await env.DATA_DB.prepare("select change from passes where id = ?")
      .bind(passes[0]!.id)
      .first<{ change: string }>())!;
    const { at, previousAt } = JSON.parse(change);
    expect(last).toBe(Math.floor(at / 1000) * 1000);
    const again = await fetchPass(held[0]!, { "if-modified-since": httpDate(at) });
    // A clock that stands at the end of a second may put the two apart.
    expect(again.status).toBe(Math.floor(previousAt / 1000) === Math.floor(at / 1000) ? 200 : 304);
  });

  it("If-None-Match wins over If-Modified-Since, whichever would say what", async () => {
    const { passes, held } = await installed();
    const at = Date.UTC(2026, 0, 5, 12, 30, 15, 400);
    await changedAt(passes[0]!.id, at);
    const tag = (await fetchPass(held[0]!)).headers.get("etag")!;
    const both = async (ifNoneMatch: string, since: number) =>
      (await fetchPass(held[0]!, { "if-none-match": ifNoneMatch, "if-modified-since": httpDate(since) })).status;
    expect(await both('W/"0"', at)).toBe(200);
    expect(await both("nonsense", at)).toBe(200);
    expect(await both(tag, at - 3_600_000)).toBe(304);
  });
});
