import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/db/client";
import { passes } from "../../src/db/data-schema";
import worker from "../../src/index";
import { describeFault } from "../../src/services/describe-fault";
import { newPass, newTenant } from "../support/api";
import { deliver, newGoogle, saveLink } from "../support/google";

const caught = async (act: () => Promise<unknown>): Promise<Error> =>
  act().then(
    () => Promise.reject(new Error("it did not fail")),
    (error: Error) => error,
  );

const secret = "Zoë Winter-Halloway";

describe("R227 a fault in the log", () => {
  it("is told by its place and its chain, without what a statement was given", async () => {
    const missing = openDatabase(env.CONTROL_DB);
    const error = await caught(async () => missing.select().from(passes).where(eq(passes.id, secret)));
    expect(error.message).toContain(secret);
    const described = describeFault(error);
    expect(described).not.toContain("Winter");
    expect(described).toMatch(/^Error at .+ ← Error D1_ERROR at .+/);
  });

  it("names the columns of a constraint", async () => {
    const insert = () => env.CONTROL_DB.prepare("insert into deployment (name, value) values (?, null)").bind(secret);
    const described = describeFault(await caught(() => insert().run()));
    expect(described).toMatch(/^Error D1_ERROR: NOT NULL constraint failed: deployment\.value/);
    expect(described).not.toContain("Winter");
  });

  it("is not deceived by a message that looks like one of a database, or like a place", () => {
    const message = `params: x\n    at ${secret} (file.js:1:1)\nUNIQUE constraint failed: ${secret}`;
    expect(describeFault(new Error(message, { cause: new RangeError(message) }))).not.toContain("Winter");
    const renamed = new Error(message);
    renamed.message = "short";
    expect(describeFault(renamed)).not.toContain("Winter");
  });

  it("can be anything that is thrown", () => {
    expect([secret, { secret }, null, undefined].map(describeFault)).toEqual([
      "thrown: string",
      "thrown: object",
      "thrown: object",
      "thrown: undefined",
    ]);
    expect(describeFault(new TypeError())).toMatch(/^TypeError at /);
  });
});

describe("R227 a queue's consumer whose statement fails", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Both databases; statements like these fail, as they do when the connection is lost. */
  function failing(pattern: RegExp) {
    const given: unknown[] = [];
    const broken = async () => Promise.reject(new Error(`D1_ERROR: lost near '${secret}'`));
    const wrap = (db: D1Database) =>
      ({
        prepare: (query: string) =>
          pattern.test(query)
            ? {
                bind: (...values: unknown[]) => {
                  given.push(...values);
                  return { run: broken, all: broken, raw: broken, first: broken };
                },
              }
            : db.prepare(query),
        batch: (statements: D1PreparedStatement[]) => db.batch(statements),
      }) as unknown as D1Database;
    const databases = { CONTROL_DB: wrap(env.CONTROL_DB), DATA_DB: wrap(env.DATA_DB) };
    return { databases, given };
  }

  function logged(): () => string {
    const lines: string[] = [];
    for (const level of ["log", "error", "warn"] as const)
      vi.spyOn(console, level).mockImplementation((...entry: unknown[]) => void lines.push(JSON.stringify(entry)));
    return () => lines.join("\n");
  }

  it("logs no value of a pass that was on its way to Google", async () => {
    const tenant = await newTenant();
    const google = newGoogle();
    const pass = await newPass(tenant, { values: { points: 5, member: "Zoë" } });
    await saveLink(pass, google.env);
    const change = { values: { member: secret }, changeMessage: "Hello %@" };
    await tenant.patch(`/v2/passes/${pass.id}`, change, { env: google.env });
    const { databases, given } = failing(/update "?google_objects"? set\s+id = /);
    const log = logged();
    const { retryMessages } = await deliver({ ...google.env, ...databases } as Cloudflare.Env, google.messages);
    expect(retryMessages).toHaveLength(1);
    expect(JSON.stringify(given)).toContain(secret);
    expect(log()).toContain("D1_ERROR");
    expect(log()).not.toContain("Winter");
  });

  it("logs no value of a chore", async () => {
    const { databases } = failing(/./);
    const body = { type: "purge_tenant" as const, tenantId: "tenant_none", requestId: "req_test" };
    const batch = createMessageBatch("wepass-sandbox-maintenance", [
      { id: "m", timestamp: new Date(0), attempts: 1, body },
    ]);
    const log = logged();
    await worker.queue(batch as never, { ...env, ...databases } as unknown as Env);
    expect(log()).toContain("D1_ERROR");
    expect(log()).not.toContain("Winter");
  });
});
