import { describe, expect, it } from "vitest";
import { newPass, newTemplate, newTenant, storeCard } from "../support/api";

const noInstalls = { passesInstalled: 0, installsActive: 0, installsTotal: 0 };

describe("the account", () => {
  it("R045 answers its details, its templates and exact counters after every kind of change", async () => {
    const tenant = await newTenant({
      name: "Fern & Finch",
      locale: "de-AT",
      timeZone: "Europe/Vienna",
      publicUri: "https://fern.example/",
    });
    const account = async () => (await tenant.get("/v2/account")).body;
    const usage = async () => (await account()).usage;
    expect(await account()).toMatchObject({
      object: "account",
      id: tenant.id,
      name: "Fern & Finch",
      environment: "sandbox",
      plan: "standard",
      locale: "de-AT",
      timeZone: "Europe/Vienna",
      publicUri: "https://fern.example/",
      usage: { templates: 0, passesIssued: 0, passesUpdated: 0, passesVoided: 0, ...noInstalls },
      templates: [],
      hasMoreTemplates: false,
    });

    const [one, two] = [await newTemplate(tenant), await newTemplate(tenant, { name: "Second" })];
    await tenant.patch(`/v2/templates/${one}`, { description: "Another" });
    expect(await usage()).toEqual({ templates: 2, passesIssued: 0, passesUpdated: 0, passesVoided: 0, ...noInstalls });

    const passes = [];
    for (let count = 0; count < 3; count += 1)
      passes.push(await newPass(tenant, { templateId: one, externalId: `card-${count}` }));
    expect((await tenant.post("/v2/passes", { templateId: one, externalId: "card-0" })).status).toBe(409);
    expect((await tenant.post("/v2/passes", { templateId: one, values: { points: "x" } })).status).toBe(400);
    expect(await usage()).toEqual({ templates: 2, passesIssued: 3, passesUpdated: 0, passesVoided: 0, ...noInstalls });

    const path = `/v2/passes/${passes[0].id}`;
    await tenant.patch(path, { values: { points: 1 } });
    await tenant.patch(path, { values: { points: 1 } });
    await tenant.put(path, { values: { points: 2 } });
    await tenant.patch(path, { customer: { id: "unseen" } });
    await tenant.post("/v2/passes?upsert=true", { templateId: one, externalId: "card-1", values: { points: 3 } });
    expect(await usage()).toEqual({ templates: 2, passesIssued: 3, passesUpdated: 3, passesVoided: 0, ...noInstalls });

    await tenant.delete(path);
    await tenant.delete(path);
    expect(await usage()).toEqual({ templates: 2, passesIssued: 3, passesUpdated: 3, passesVoided: 1, ...noInstalls });

    expect((await tenant.delete(`/v2/templates/${one}`)).status).toBe(409);
    expect((await tenant.delete(`/v2/templates/${two}`)).status).toBe(204);
    expect((await tenant.delete(`/v2/templates/${two}`)).status).toBe(404);
    const after = await account();
    expect(after.usage).toEqual({ templates: 1, passesIssued: 3, passesUpdated: 3, passesVoided: 1, ...noInstalls });
    expect(after.templates.map(({ id }: { id: string }) => id)).toEqual([one]);
    const { body: listed } = await tenant.get("/v2/templates");
    expect(after.templates).toEqual(listed.data);
  });

  it("R045 counts parallel changes exactly", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const issued = await Promise.all(Array.from({ length: 20 }, () => tenant.post("/v2/passes", { templateId })));
    await Promise.all(
      issued.slice(0, 10).map(({ body }) => tenant.patch(`/v2/passes/${body.id}`, { values: { points: 1 } })),
    );
    await Promise.all(issued.slice(5, 15).map(({ body }) => tenant.delete(`/v2/passes/${body.id}`)));
    const { body } = await tenant.get("/v2/account");
    expect(body.usage).toEqual({ templates: 1, passesIssued: 20, passesUpdated: 10, passesVoided: 10, ...noInstalls });
  });

  it("R045 answers the newest 100 templates and says that there are more", { timeout: 20_000 }, async () => {
    const tenant = await newTenant();
    await Promise.all(
      Array.from({ length: 101 }, (_, at) => tenant.post("/v2/templates", storeCard({ name: `Template ${at}` }))),
    );
    const { body } = await tenant.get("/v2/account");
    expect(body.templates).toHaveLength(100);
    expect(body.hasMoreTemplates).toBe(true);
    expect(body.usage.templates).toBe(101);
  });
});
