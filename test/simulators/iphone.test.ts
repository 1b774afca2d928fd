import { describe, expect, it } from "vitest";
import { newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { change, newLine, newPhone, offline, speakingFields } from "./phone";

const newCard = async (tenant: TestTenant, values: Record<string, unknown> = {}) =>
  newPass(tenant, { templateId: await newTemplate(tenant, { fields: speakingFields }), values });

const eventTypes = async (tenant: TestTenant, passId: string): Promise<string[]> => {
  const { body } = await tenant.get("/v2/events?limit=100");
  return body.data.filter((event: any) => event.passId === passId).map(({ type }: any) => type);
};

describe("a pass's life on an iPhone", () => {
  it("R127 is installed from its link, registered, changed, fetched at once, voided and removed", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant, { member: "Zoë" });
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });

    const installed = await phone.install(pass.links.page);
    expect(installed).toMatchObject({
      serialNumber: pass.id,
      registration: "registered",
      front: { points: "0", member: "Zoë" },
      back: { tier: "Silver" },
      voided: false,
      expired: false,
    });
    expect(phone.wallet).toEqual([installed]);
    expect(line.calls.map(({ method, status }) => [method, status])).toEqual([
      ["GET", 200],
      ["POST", 201],
    ]);

    await change(tenant, pass.id, { values: { points: 1250 }, changeMessage: "Ten more: %@" });
    const [refreshed, ...others] = await phone.push(installed.passTypeIdentifier);
    expect(others).toEqual([]);
    expect(refreshed).toMatchObject({ serialNumber: pass.id, outcome: "updated", changed: ["points"] });
    expect(phone.wallet[0]!.front.points).toBe("1,250");
    expect(phone.lockScreen).toEqual(["Ten more: 1,250"]);

    expect(await phone.push(installed.passTypeIdentifier)).toEqual([]);
    expect(line.calls.at(-1)!.status).toBe(204);
    expect(await phone.pullToRefresh(pass.id)).toMatchObject({ outcome: "unchanged" });
    expect(line.calls.at(-1)!.status).toBe(304);

    await change(tenant, pass.id, { values: { points: 1300, tier: "Gold" } });
    await phone.push(installed.passTypeIdentifier);
    expect(phone.wallet[0]).toMatchObject({ front: { points: "1,300" }, back: { tier: "Gold" } });
    expect(phone.lockScreen).toEqual(["Ten more: 1,250", "Store card changed"]);

    await change(tenant, pass.id, { values: { member: "Zoë W." } });
    await phone.push(installed.passTypeIdentifier);
    expect(phone.wallet[0]!.front.member).toBe("Zoë W.");
    expect(phone.lockScreen).toHaveLength(2);

    await tenant.delete(`/v2/passes/${pass.id}`);
    expect(await phone.poll()).toMatchObject([{ outcome: "updated", changed: [], message: null }]);
    expect(phone.wallet[0]!.voided).toBe(true);

    await phone.remove(pass.id);
    expect(line.calls.at(-1)).toMatchObject({ method: "DELETE", status: 200 });
    expect(phone.wallet).toEqual([]);
    const before = line.calls.length;
    expect(await phone.poll()).toEqual([]);
    expect(line.calls).toHaveLength(before);

    expect(await eventTypes(tenant, pass.id)).toEqual([
      "pass.uninstalled",
      "pass.voided",
      "pass.updated",
      "pass.updated",
      "pass.updated",
      "pass.installed",
      "pass.created",
    ]);
    expect(phone.reported).toEqual([]);
  });

  it("R128 gets everything that changed while it was offline when it is back", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, { fields: speakingFields });
    const cards = [];
    for (const member of ["Ada", "Bo", "Cy"]) cards.push(await newPass(tenant, { templateId, values: { member } }));
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    for (const { links } of cards) await phone.install(links.apple);
    await phone.poll();

    line.meddle = offline;
    await change(tenant, cards[0].id, { values: { points: 1 } });
    await change(tenant, cards[0].id, { values: { points: 2 } });
    await change(tenant, cards[2].id, { values: { tier: "Gold" } });
    expect(await phone.poll()).toEqual([]);
    expect(phone.wallet.map(({ front }) => front.points)).toEqual(["0", "0", "0"]);

    line.meddle = null;
    const refreshed = await phone.poll();
    expect(refreshed.map(({ serialNumber }) => serialNumber).sort()).toEqual([cards[0].id, cards[2].id].sort());
    expect(phone.wallet.map(({ front, back }) => [front.points, back.tier])).toEqual([
      ["2", "Silver"],
      ["0", "Silver"],
      ["0", "Gold"],
    ]);
    expect(phone.lockScreen).toEqual(["Now 2 points", "You are Gold"]);
    expect(await phone.poll()).toEqual([]);
  });

  it("R128 sees each of many changes that follow at once, and none twice", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const phone = await newPhone();
    const { passTypeIdentifier } = await phone.install(pass.links.page);
    await phone.poll();
    for (let points = 1; points <= 5; points += 1) {
      await change(tenant, pass.id, { values: { points } });
      expect(await phone.push(passTypeIdentifier)).toMatchObject([{ outcome: "updated", changed: ["points"] }]);
      expect(phone.wallet[0]!.front.points).toBe(String(points));
    }
    expect(phone.lockScreen).toHaveLength(5);
    expect(phone.reported).toEqual([]);
  });

  it("R128 registers and unregisters later what the network did not let through", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    line.meddle = (method, _, ask) => (method === "POST" ? offline() : ask());
    expect((await phone.install(pass.links.page)).registration).toBe("pending");
    expect(phone.reported.at(-1)).toContain("Register task");

    line.meddle = null;
    await phone.poll();
    expect(phone.wallet[0]!.registration).toBe("registered");

    line.meddle = (method, _, ask) => (method === "DELETE" ? offline() : ask());
    await phone.remove(pass.id);
    expect(phone.wallet).toEqual([]);
    expect(await eventTypes(tenant, pass.id)).not.toContain("pass.uninstalled");
    line.meddle = null;
    await phone.poll();
    expect(await eventTypes(tenant, pass.id)).toEqual(["pass.uninstalled", "pass.installed", "pass.created"]);
  });

  it("R128 asks again for what a failing server did not give, and changes nothing meanwhile", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    const { passTypeIdentifier } = await phone.install(pass.links.page);
    await phone.poll();
    const { tag } = phone.wallet[0]!;
    await change(tenant, pass.id, { values: { points: 7 } });

    line.meddle = async (_, at, ask) => (at.includes("/v1/passes/") ? new Response("busy", { status: 503 }) : ask());
    expect(await phone.push(passTypeIdentifier)).toMatchObject([{ outcome: "failed" }]);
    expect(phone.wallet[0]).toMatchObject({ tag, registration: "registered", front: { points: "0" } });
    expect(phone.reported.at(-1)).toContain("Unexpected response code 503");

    line.meddle = null;
    expect(await phone.poll()).toMatchObject([{ outcome: "updated" }]);
    expect(phone.wallet[0]!.front.points).toBe("7");
    expect(phone.wallet[0]!.tag).not.toBe(tag);
  });

  it("R127 does what it is asked one after another, so that no older pass overtakes a newer one", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    const { passTypeIdentifier } = await phone.install(pass.links.page);
    await change(tenant, pass.id, { values: { points: 1 } });
    let held = 0;
    line.meddle = async (_, __, ask) => {
      held += 1;
      expect(held).toBe(1);
      const response = await ask();
      held -= 1;
      return response;
    };
    await Promise.all([phone.push(passTypeIdentifier), phone.poll(), phone.pullToRefresh(pass.id)]);
    expect(phone.wallet[0]!.front.points).toBe("1");
    expect(phone.lockScreen).toEqual(["Now 1 points"]);
  });

  it("keeps the first token of a pass that is added again, and registers once", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const phone = await newPhone();
    await phone.install(pass.links.page);
    await phone.install(pass.links.apple);
    expect(phone.wallet).toHaveLength(1);
    expect(await eventTypes(tenant, pass.id)).toEqual(["pass.installed", "pass.created"]);
  });

  it("keeps a pass whose token the server refuses, and asks no more", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    await phone.install(pass.links.page);
    line.meddle = async (_, at, ask) => (at.includes("/v1/passes/") ? new Response(null, { status: 401 }) : ask());
    expect(await phone.poll()).toMatchObject([{ outcome: "unauthorized" }]);
    expect(phone.wallet).toMatchObject([{ serialNumber: pass.id, registration: "refused" }]);
    expect(phone.reported.at(-1)).toContain("Authentication failure");
    const asked = line.calls.length;
    await phone.poll();
    await phone.remove(pass.id);
    expect(line.calls).toHaveLength(asked);
  });

  it("ignores a tag that is no string, and says so when a tag stays the same", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    const { passTypeIdentifier } = await phone.install(pass.links.page);
    await phone.poll();
    const { tag } = phone.wallet[0]!;
    const answering = (lastUpdated: unknown) => {
      line.meddle = async (_, at, ask) =>
        at.includes("passesUpdatedSince") ? Response.json({ serialNumbers: [pass.id], lastUpdated }) : ask();
    };
    answering(1_700_000_000);
    expect(await phone.push(passTypeIdentifier)).toMatchObject([{ outcome: "unchanged" }]);
    expect(phone.wallet[0]!.tag).toBe(tag);
    expect(phone.reported).toEqual([]);
    answering(tag);
    await phone.push(passTypeIdentifier);
    expect(phone.reported.at(-1)).toContain(`the lastUpdated tag (${tag}) remained the same`);
    answering("another");
    await phone.push(passTypeIdentifier);
    expect(phone.wallet[0]!.tag).toBe("another");
  });
});
