import { beforeEach, describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { call, newPass, newTemplate, newTenant } from "../support/api";
import { countingEnv } from "../support/costs";

beforeEach(() => clearIsolateCaches());

describe("what requests cost in D1, with cold caches and authentication included", () => {
  it("R076 issues a pass with at most 3 reads, one write batch and 8 rows", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    clearIsolateCaches();
    const { env, costs } = countingEnv();
    const body = { templateId, externalId: "card-1", values: { member: "Zoë" } };
    expect((await tenant.post("/v2/passes", body, { env })).status).toBe(201);
    expect(costs.reads).toBeLessThanOrEqual(3);
    expect(costs.writeBatches).toBe(1);
    expect(costs.rowsWritten).toBeLessThanOrEqual(8);
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
});
