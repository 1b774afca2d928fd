import { describe, expect, it } from "vitest";
import {
  hashSecret,
  linkTenantCode,
  newApiKey,
  newAuthenticationToken,
  newLinkToken,
  newTenantCode,
  parseApiKey,
  secretsMatch,
} from "../../src/db/tokens";

describe("API keys", () => {
  it("carry their mode, the tenant's code, and a secret of 43 characters with a checksum of six", () => {
    const code = newTenantCode();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    for (const mode of ["test", "live"] as const) {
      const { keyId, secret, token } = newApiKey(mode, code);
      expect(token).toBe(`wp_${mode}_${keyId}_${secret}`);
      expect(keyId).toMatch(new RegExp(`^${code}[0-9A-HJKMNP-TV-Z]{10}$`));
      expect(secret).toMatch(/^[0-9A-Za-z]{49}$/);
      expect(parseApiKey(token)).toEqual({ mode, keyId, secret });
    }
  });

  it("tell a typo in any place from a key, before anything is looked up", () => {
    const { token } = newApiKey("test", newTenantCode());
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "A" ? "B" : "A";
      const mistyped = token.slice(0, at) + other + token.slice(at + 1);
      expect(parseApiKey(mistyped), mistyped).toBeNull();
    }
    expect(parseApiKey(token.replace("wp_test", "wp_live"))?.mode).toBe("live");
    for (const wrong of [
      token.slice(0, -1),
      `${token}A`,
      ` ${token}`,
      token.toUpperCase(),
      "",
      "wp_test__",
      "Bearer x",
    ]) {
      expect(parseApiKey(wrong), wrong).toBeNull();
    }
  });

  it("are stored as hashes and compared whole", async () => {
    expect(await hashSecret("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(await secretsMatch("abc", "abc")).toBe(true);
    for (const other of ["abd", "ab", "abcd", "", "ABC"]) expect(await secretsMatch("abc", other)).toBe(false);
  });
});

describe("tokens of links and passes", () => {
  it("R077 R108 hold more than 95 random bits, behind the code of the tenant", () => {
    const code = newTenantCode();
    const token = newLinkToken(code);
    expect(token).toMatch(new RegExp(`^${code}[0-9A-Za-z]{16}$`));
    expect(16 * Math.log2(62)).toBeGreaterThan(95);
    expect(linkTenantCode(token)).toBe(code);
    expect(newAuthenticationToken()).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(new Set(Array.from({ length: 1000 }, () => newLinkToken(code))).size).toBe(1000);
  });

  it("of another form name no tenant", () => {
    for (const token of [
      "",
      "x",
      "a".repeat(24),
      `${"A".repeat(8)}${"a".repeat(17)}`,
      `IIIIIIII${"a".repeat(16)}`,
      `${"A".repeat(8)}${"-".repeat(16)}`,
    ]) {
      expect(linkTenantCode(token), token).toBeNull();
    }
  });
});
