import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { call, newPass, newTenant, type Answer } from "../support/api";

const agents = {
  iphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  wallet: "Wallet/1.0 passd/1.0 CFNetwork/1568.200.51 Darwin/24.1.0",
  chromeOnIphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
  android:
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36",
  desktop:
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
};

const open = (link: string, agent: keyof typeof agents = "desktop") =>
  call("GET", new URL(link).pathname, { headers: { "user-agent": agents[agent] } });

const tokenOf = (link: string): string => link.split("/").at(-1)!;

function serialNumber(answer: Answer): string {
  expect(answer.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  return JSON.parse(strFromU8(unzipSync(answer.bytes)["pass.json"]!)).serialNumber;
}

describe("links", () => {
  it("R110 R113 R117 one link gives Apple's agents the file and everybody else a page with its buttons", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { member: "Zoë Winter" } });
    for (const agent of ["iphone", "wallet"] as const) {
      const answer = await open(pass.links.page, agent);
      expect(answer.status, agent).toBe(200);
      expect(serialNumber(answer), agent).toBe(pass.id);
      expect(answer.headers.get("vary")?.toLowerCase(), agent).toContain("user-agent");
    }
    for (const agent of ["chromeOnIphone", "android", "desktop"] as const) {
      const answer = await open(pass.links.page, agent);
      expect(answer.status, agent).toBe(200);
      expect(answer.headers.get("content-type"), agent).toMatch(/^text\/html/);
      expect(answer.headers.get("vary")?.toLowerCase(), agent).toContain("user-agent");
      expect(answer.headers.get("cache-control"), agent).toBe("no-store");
      expect(answer.text).toContain("Zoë Winter");
      expect(answer.text).toContain(`href="${pass.links[agent === "android" ? "google" : "apple"]}"`);
    }
    expect(serialNumber(await open(pass.links.apple, "android"))).toBe(pass.id);
    expect((await open(pass.links.google, "android")).status).toBe(302);
  });

  it("R110 a link shows the pass as it is now", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { member: "Before" } });
    await open(pass.links.page);
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { member: "After" } });
    const { text } = await open(pass.links.page);
    expect(text).toContain("After");
    expect(text).not.toContain("Before");
  });

  it("R110 a new link is the one that is shown; the earlier goes on until it is revoked, and revoking touches no other", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const { status, body: linked } = await tenant.post(`/v2/passes/${pass.id}/links`);
    expect(status).toBe(201);
    expect(linked.links.page).not.toBe(pass.links.page);
    expect(tokenOf(linked.links.page)).toMatch(new RegExp(`^${tenant.code}[0-9A-Za-z]{16}$`));
    expect(linked).toEqual({ ...pass, links: linked.links });
    for (const { links } of [pass, linked]) expect(serialNumber(await open(links.apple))).toBe(pass.id);

    const revoked = await tenant.delete(`/v2/links/${tokenOf(pass.links.page)}`);
    expect(revoked.status).toBe(204);
    expect(revoked.text).toBe("");
    expect((await open(pass.links.page)).status).toBe(410);
    const gone = await open(pass.links.apple);
    expect(gone.status).toBe(410);
    expect(gone.body).toMatchObject({ code: "link_gone", reason: "revoked" });
    expect(serialNumber(await open(linked.links.apple))).toBe(pass.id);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body).toEqual(linked);
  });

  it("R006 R110 a pass whose shown link is revoked shows none, and gets one again on request", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await tenant.delete(`/v2/links/${tokenOf(pass.links.page)}`)).status).toBe(204);
    }
    const none = { page: null, apple: null, google: null };
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body).toMatchObject({
      links: none,
      version: 1,
      status: "active",
    });
    expect((await tenant.get("/v2/passes")).body.data[0].links).toEqual(none);
    const { body } = await tenant.post(`/v2/passes/${pass.id}/links`);
    expect(serialNumber(await open(body.links.page, "iphone"))).toBe(pass.id);
  });

  it("R006 voiding closes every link of the pass", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { member: "Secret Person" } });
    const { body: linked } = await tenant.post(`/v2/passes/${pass.id}/links`);
    await tenant.delete(`/v2/passes/${pass.id}`);
    for (const { links } of [pass, linked]) {
      for (const agent of ["iphone", "desktop"] as const) {
        const page = await open(links.page, agent);
        expect(page.status).toBe(410);
        expect(page.headers.get("content-type")).toMatch(/^text\/html/);
        expect(page.text).not.toContain("Secret Person");
      }
      const file = await open(links.apple);
      expect(file.status).toBe(410);
      expect(file.body).toMatchObject({ code: "link_gone", reason: "voided" });
    }
  });

  it("answers 404 to tokens that never were, as a page to people and as a problem to programs", async () => {
    const tenant = await newTenant();
    const tokens = [
      `${tenant.code}0000000000000000`,
      "ZZZZZZZZ0000000000000000",
      "x",
      "a".repeat(200),
      "%00",
      "..%2f",
      "'; drop table links --",
    ];
    for (const token of tokens) {
      const path = encodeURI(token).replaceAll("%25", "%");
      const page = await call("GET", `/p/${path}`);
      expect(page.status, token).toBe(404);
      expect(page.headers.get("content-type"), token).toMatch(/^text\/html/);
      const file = await call("GET", `/p/${path}/apple`);
      expect(file.status, token).toBe(404);
      expect(file.body.code, token).toBe("not_found");
      expect((await tenant.delete(`/v2/links/${path}`)).status, token).toBe(404);
    }
  });

  it("an expired pass can still be opened, and its page says so", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { overrides: { expiresAt: "2020-01-01T00:00:00Z" } });
    const page = await open(pass.links.page);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/expired/i);
    expect(serialNumber(await open(pass.links.apple))).toBe(pass.id);
  });
});
