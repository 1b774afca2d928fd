import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { buildContext } from "../../src/context";
import type { TenantRow } from "../../src/db/control-schema";
import { newLinkToken } from "../../src/db/tokens";
import { createVault } from "../../src/db/vault";
import { forTenant, type TenantContext } from "../../src/services/context";
import { underKey } from "../../src/services/idempotency/derive";

const startedAt = Date.parse("2026-05-01T16:30:00Z");
const keyHash = "0123456789abcdef".repeat(4);

/** Another request each time, at another time. */
const newContext = (tenantId = "tenant_A", now = Date.now()): TenantContext =>
  forTenant(buildContext(env, crypto.randomUUID(), now), { id: tenantId, code: "K7X2M9QA" } as TenantRow, {
    type: "system",
  });

const made = async (ctx: TenantContext, identity = { keyHash, startedAt }) => {
  const { newId, random } = await underKey(ctx, identity);
  return {
    pass: newId("pass"),
    event: newId("evt"),
    link: newLinkToken(ctx.tenant.code, random("link")),
    secret: random("api key")(43),
  };
};

describe("what is made under an Idempotency-Key", () => {
  it("R217 is the same in each attempt, whenever it comes", async () => {
    const first = await made(newContext("tenant_A", startedAt));
    expect(await made(newContext("tenant_A", startedAt + 60_000))).toEqual(first);
    expect(first.pass).toMatch(/^pass_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it("R217 is another under another key, of another account, from another beginning, and of another deployment", async () => {
    const other = { ...newContext(), vault: createVault("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=") };
    const all = await Promise.all([
      made(newContext()),
      made(newContext(), { keyHash: keyHash.replace("0", "1"), startedAt }),
      made(newContext(), { keyHash, startedAt: startedAt + 1 }),
      made(newContext("tenant_B")),
      made(other),
    ]);
    expect(new Set(all.map(({ pass }) => pass)).size).toBe(all.length);
    expect(new Set(all.map(({ link }) => link)).size).toBe(all.length);
    expect(new Set(all.map(({ secret }) => secret.join())).size).toBe(all.length);
  });

  it("R217 has one id for each kind, and for each purpose bytes that do not repeat", async () => {
    const { newId, random } = await underKey(newContext(), { keyHash, startedAt });
    expect(newId("pass")).toBe(newId("pass"));
    expect(newId("pass").slice(5)).not.toBe(newId("evt").slice(4));
    const draw = random("link");
    const parts = [draw(32), draw(32), draw(70), random("api key")(32)];
    expect(new Set(parts.map((bytes) => bytes.subarray(0, 32).join())).size).toBe(4);
    expect(parts.map(({ length }) => length)).toEqual([32, 32, 70, 32]);
    expect(random("link")(32)).toEqual(parts[0]);
    expect(random("link")(200).slice(0, 32)).toEqual(parts[0]);
  });

  it("R217 sorts by when the request began", async () => {
    const [early, late] = [await made(newContext()), await made(newContext(), { keyHash, startedAt: startedAt + 1 })];
    expect(early.pass < late.pass).toBe(true);
  });
});

describe("what is made without one", () => {
  it("R217 is another each time", () => {
    const { newId, random } = newContext();
    expect(newId("pass")).not.toBe(newId("pass"));
    expect(random("link")(16)).not.toEqual(random("link")(16));
  });
});
