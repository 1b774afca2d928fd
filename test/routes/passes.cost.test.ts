import { beforeEach, describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { call, newPass, newTemplate, newTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { newGoogle } from "../support/google";

beforeEach(() => clearIsolateCaches());

describe("what requests cost in D1, with cold caches and authentication included", () => {
  /** The entry in the audit log, in its table and two indexes (by object, by actor). */
  const audit = 3;
  const issues: [string, Record<string, unknown>, number][] = [
    ["alone", {}, 6],
    ["with an externalId", { externalId: "card-1" }, 7],
    ["with a known customer", { customer: { id: "known" } }, 7],
    ["with a known customer and an externalId", { customer: { id: "known" }, externalId: "card-1" }, 8],
    ["with a new customer", { customer: { id: "new", email: "new@example.com" } }, 8],
    // The one case above 8: the customer's row is not the pass's.
    ["with a new customer and an externalId", { customer: { id: "new" }, externalId: "card-1" }, 9],
  ];

  it.each(issues)("R076 issues a pass %s with at most 3 reads and one write batch", async (_, members, rows) => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    await newPass(tenant, { templateId, customer: { id: "known" } });
    clearIsolateCaches();
    const { env, costs } = countingEnv();
    const body = { templateId, values: { member: "Zoë" }, ...members };
    expect((await tenant.post("/v2/passes", body, { env })).status).toBe(201);
    expect(costs.reads).toBeLessThanOrEqual(3);
    expect(costs.writeBatches).toBe(1);
    expect(costs.rowsWritten).toBe(rows + audit);
  });

  it("downloads a pass by its link with at most 2 reads", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    clearIsolateCaches();
    const { env, costs } = countingEnv();
    const { status } = await call("GET", new URL(pass.links.apple).pathname, { env });
    expect(status).toBe(200);
    expect(costs).toMatchObject({ writeBatches: 0 });
    expect(costs.reads).toBeLessThanOrEqual(2);
  });

  it("R076 changes a pass with at most 2 reads and one write batch, and voids it with as many", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { externalId: "card-1" });
    const requests = [
      () => tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } }, { env: counted.env }),
      () => tenant.put(`/v2/passes/${pass.id}`, { values: { points: 6 } }, { env: counted.env }),
      () => tenant.delete(`/v2/passes/${pass.id}`, { env: counted.env }),
    ];
    let counted = countingEnv();
    for (const request of requests) {
      clearIsolateCaches();
      counted = countingEnv();
      expect((await request()).status).toBe(200);
      expect(counted.costs.reads).toBeLessThanOrEqual(2);
      expect(counted.costs.writeBatches).toBe(1);
      expect(counted.costs.rowsWritten).toBeLessThanOrEqual(12);
    }
  });

  it("an update that changes nothing writes nothing", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 5 } });
    const { env, costs } = countingEnv();
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } }, { env });
    expect(costs).toMatchObject({ writeBatches: 0, rowsWritten: 0 });
  });

  it("opens the universal link, and reads a pass by its id, with at most 2 reads", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    for (const open of [
      (env: Cloudflare.Env) => call("GET", new URL(pass.links.page).pathname, { env }),
      (env: Cloudflare.Env) => tenant.get(`/v2/passes/${pass.id}`, { env }),
      (env: Cloudflare.Env) => tenant.get(`/v2/passes/${pass.id}/pkpass`, { env }),
    ]) {
      clearIsolateCaches();
      const { env, costs } = countingEnv();
      expect((await open(env)).status).toBe(200);
      expect(costs).toMatchObject({ writeBatches: 0 });
      expect(costs.reads).toBeLessThanOrEqual(2);
    }
  });
});

describe("what Google Wallet costs in D1, with cold caches", () => {
  const open = (pass: any, env: Cloudflare.Env) => call("GET", new URL(pass.links.google).pathname, { env });

  it("R109 makes a pass at Google with at most 7 reads, and a later link with 3 and no write", async () => {
    // The first of all makes the sandbox's key.
    await open(await newPass(await newTenant()), newGoogle().env);
    const pass = await newPass(await newTenant());
    clearIsolateCaches();
    const first = countingEnv();
    expect((await open(pass, first.env)).status).toBe(302);
    // Tenant, pass, account, the sandbox's key; then once more from the primary, and the classes that are known.
    expect(first.costs.reads).toBeLessThanOrEqual(7);
    // Its row, the lease, the class and what became of it.
    expect(first.costs.writeBatches).toBe(4);
    expect(first.costs.rowsWritten).toBeLessThanOrEqual(8);
    clearIsolateCaches();
    const later = countingEnv();
    expect((await open(pass, later.env)).status).toBe(302);
    expect(later.costs).toMatchObject({ writeBatches: 0, rowsWritten: 0 });
    // The fourth is the sandbox's own key, which a connected account has in its row.
    expect(later.costs.reads).toBeLessThanOrEqual(4);
  });

  it("R121 adds to a change of a pass that is at Google one row with its index entry, and to others none", async () => {
    const tenant = await newTenant();
    const [saved, other] = [await newPass(tenant), await newPass(tenant)];
    await open(saved, newGoogle().env);
    const rowsOf = async (pass: any): Promise<number> => {
      const { env, costs } = countingEnv();
      const google = newGoogle(env);
      expect((await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } }, { env: google.env })).status).toBe(
        200,
      );
      expect(costs.writeBatches).toBe(1);
      return costs.rowsWritten;
    };
    expect((await rowsOf(saved)) - (await rowsOf(other))).toBe(2);
  });
});

describe("what requests cost in D1 while the isolate is warm", () => {
  it("authentication costs no read, and issuing 1 read and one write batch", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    await tenant.post("/v2/passes", { templateId });
    const { env, costs } = countingEnv();
    expect((await tenant.post("/v2/passes", { templateId }, { env })).status).toBe(201);
    expect(costs).toMatchObject({ reads: 1, writeBatches: 1 });
    const nothing = countingEnv();
    expect((await tenant.get("/v2/passes?limit=0", { env: nothing.env })).status).toBe(400);
    expect(nothing.costs).toEqual({ reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 });
  });
});
