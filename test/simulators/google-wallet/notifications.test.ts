import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, expectRefused, newIssuer, newSimulator, type Issuer } from "./client";
import { issued, skinnyLink, type Pass } from "./passes";

const start = Date.parse("2040-01-01T00:00:00Z");
const day = 24 * 3_600_000;
let issuer: Issuer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  issuer = await newIssuer(newSimulator());
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pass in the holder's wallet, and how to look at it. */
async function saved(vertical: Pass["vertical"], suffix = "1") {
  const pass = await issued(issuer, vertical, suffix);
  const link = await skinnyLink(issuer, pass);
  await ask(issuer.simulator, "POST", `${link}/save`);
  return { pass, card: () => issuer.card(link) };
}

const objectAt = ({ objectPath, object }: Pass) => `${objectPath}/${object.id}`;
const classAt = (pass: Pass) => `${pass.classPath}/${pass.class.id}`;

async function send(at: string, body = "World", messageType = "TEXT_AND_NOTIFY") {
  vi.setSystemTime(Date.now() + 1000);
  return issuer.call("POST", `${at}/addMessage`, { message: { header: "Hello", body, message_type: messageType } });
}

describe("messages", () => {
  it("R122 are shown on the lock screen of who has the pass", async () => {
    const { pass, card } = await saved("generic");
    const { body } = await send(objectAt(pass));
    expect(body.resource.messages.at(-1)).toEqual({ header: "Hello", body: "World", messageType: "TEXT_AND_NOTIFY" });
    await send(objectAt(pass), "silent", "TEXT");
    await send(objectAt(pass), "silent", "text");
    expect((await card()).notifications).toEqual([
      { at: start + 1000, cause: "message", header: "Hello", body: "World" },
    ]);
  });

  it("R122 are shown in their localised text", async () => {
    const { pass, card } = await saved("generic");
    const text = (value: string) => ({ defaultValue: { language: "de", value } });
    await issuer.call("POST", `${objectAt(pass)}/addMessage`, {
      message: { localizedHeader: text("Hallo"), localizedBody: text("Welt"), messageType: "TEXT_AND_NOTIFY" },
    });
    expect((await card()).notifications).toMatchObject([{ header: "Hallo", body: "Welt" }]);
  });

  it("R138 notify three times in 24 hours, then are refused, and nothing is added", async () => {
    const { pass, card } = await saved("generic");
    for (const body of ["1", "2", "3"]) expect((await send(objectAt(pass), body)).status).toBe(200);
    const refused = await send(objectAt(pass), "4");
    expectRefused(refused, 429, "quotaExceeded");
    expect(refused.body.error.message).toContain("QuotaExceededException");
    const { object, notifications } = await card();
    expect(object.messages.map((message: any) => message.body).slice(-3)).toEqual(["1", "2", "3"]);
    expect(notifications.map((one: any) => one.body)).toEqual(["3", "2", "1"]);
    expect((await send(objectAt(pass), "silent", "TEXT")).status).toBe(200);
    vi.setSystemTime(start + 1000 + day);
    expect((await issuer.signIn()).token).not.toBe("");
    expect((await send(objectAt(pass), "5")).status).toBe(200);
  });

  it("R138 count where nobody sees them, too", async () => {
    const pass = await issued(issuer, "generic");
    for (const body of ["1", "2", "3"]) await send(objectAt(pass), body);
    expectRefused(await send(objectAt(pass), "4"), 429, "quotaExceeded");
    expect((await issuer.card(await skinnyLink(issuer, pass))).notifications).toEqual([]);
  });

  it("R122 of a class reach every saved pass of it, within its own quota", async () => {
    const { pass, card } = await saved("generic");
    const unsaved = { ...pass.object, id: issuer.id("unsaved") };
    await issuer.call("POST", pass.objectPath, unsaved);
    for (const body of ["1", "2"]) await send(objectAt(pass), body);
    for (const body of ["a", "b"]) expect((await send(classAt(pass), body)).status).toBe(200);
    expect((await card()).notifications.map((one: any) => one.body)).toEqual(["a", "2", "1"]);
    expect((await card()).class.messages.map((one: any) => one.body).slice(-2)).toEqual(["a", "b"]);
    await send(classAt(pass), "c");
    expectRefused(await send(classAt(pass), "d"), 429, "quotaExceeded");
    const link = await skinnyLink(issuer, { ...pass, object: unsaved });
    expect((await issuer.card(link)).notifications).toEqual([]);
  });
});

describe("changes of fields", () => {
  const notifyPreference = "NOTIFY_ON_UPDATE";

  it.each([
    ["loyalty", { loyaltyPoints: { label: "Stars", balance: { int: 7, string: null } } }, "Stars: 7"],
    ["loyalty", { secondaryLoyaltyPoints: { label: null, balance: { string: "8", money: null } } }, "Points: 8"],
    ["eventTicket", { seatInfo: { seat: { defaultValue: { language: "en", value: "7" } } } }, /^Seat: .*7/],
    ["flight", { boardingAndSeatingInfo: { seatNumber: "7A" } }, "Seat: 7A"],
  ] as const)("R122 tell of %s %j", async (vertical, change, text) => {
    const { pass, card } = await saved(vertical);
    const silent = await issuer.call("PATCH", objectAt(pass), { ...change });
    expect(silent.status, silent.text).toBe(200);
    expect((await card()).notifications).toEqual([]);
    await issuer.call("PUT", objectAt(pass), pass.object);
    const loud = await issuer.call("PATCH", objectAt(pass), { ...change, notifyPreference });
    expect(loud.status, loud.text).toBe(200);
    const { notifications } = await card();
    expect(notifications).toMatchObject([{ at: start, cause: "update" }]);
    expect(notifications[0].header).not.toBe("");
    expect(notifications[0].body).toMatch(text);
  });

  it("R122 of a class tell every holder", async () => {
    const { pass, card } = await saved("loyalty");
    const changed = { rewardsTier: "Platinum", reviewStatus: "UNDER_REVIEW", notifyPreference };
    expect((await issuer.call("PATCH", classAt(pass), changed)).status).toBe(200);
    expect((await card()).notifications).toMatchObject([{ cause: "update", body: "Rewards tier: Platinum" }]);
  });

  it("R138 tell nothing where nothing that notifies has changed", async () => {
    const { pass, card } = await saved("loyalty");
    await issuer.call("PATCH", objectAt(pass), { accountName: "Grace", notifyPreference });
    await issuer.call("PATCH", objectAt(pass), { loyaltyPoints: pass.object.loyaltyPoints, notifyPreference });
    expect((await card()).notifications).toEqual([]);
  });

  it("R138 notify three times in 24 hours, beside three messages", async () => {
    const { pass, card } = await saved("loyalty");
    const patch = (int: number, members: object = { notifyPreference }) =>
      issuer.call("PATCH", objectAt(pass), {
        loyaltyPoints: { balance: { int, string: null, double: null } },
        ...members,
      });
    for (const points of [101, 102, 103]) expect((await patch(points)).status).toBe(200);
    expectRefused(await patch(104), 429, "quotaExceeded");
    expect((await card()).object.loyaltyPoints.balance).toEqual({ int: 103 });
    expect((await patch(105, {})).body.loyaltyPoints.balance).toEqual({ int: 105 });
    expect((await send(objectAt(pass))).status).toBe(200);
    expect((await card()).notifications).toHaveLength(4);
  });
});

it("R122 keeps the newest 50 notifications of a pass", async () => {
  const { pass, card } = await saved("generic");
  for (let round = 0; round < 18; round += 1) {
    vi.setSystemTime(start + (round + 1) * day * 2);
    await issuer.signIn();
    await issuer.call("PATCH", objectAt(pass), { messages: [] });
    for (const number of [1, 2, 3]) await send(objectAt(pass), `${round}.${number}`);
  }
  const { notifications } = await card();
  expect(notifications).toHaveLength(50);
  expect(notifications[0].body).toBe("17.3");
});
