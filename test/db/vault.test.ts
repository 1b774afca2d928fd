import { describe, expect, it } from "vitest";
import { createVault, fromBase64, toBase64, UnknownMasterKeyError } from "../../src/db/vault";

const key = (fill: number) => toBase64(new Uint8Array(32).fill(fill));
const secret = new TextEncoder().encode("a private key");
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("secrets at rest", () => {
  it("R227 opens what it sealed, empty and large", async () => {
    const vault = createVault(key(1));
    for (const plain of [secret, new Uint8Array(), crypto.getRandomValues(new Uint8Array(50_000))]) {
      expect(await vault.open(await vault.seal(plain))).toEqual(plain);
    }
  });

  it("R227 seals the same secret differently each time, and shows nothing of it", async () => {
    const vault = createVault(key(1));
    const [one, two] = [await vault.seal(secret), await vault.seal(secret)];
    const [a, b] = [JSON.parse(one), JSON.parse(two)];
    for (const member of ["key", "keyIv", "data", "iv"]) expect(a[member], member).not.toBe(b[member]);
    expect(a.kid).toBe(b.kid);
    expect(a.kid).toMatch(/^[0-9a-f]{16}$/);
    expect(a.kid).toBe(await vault.keyId());
    expect(text(fromBase64(a.data))).not.toContain("private");
    expect(one).not.toContain(key(1));
  });

  it("R227 names the key that is missing instead of failing blindly", async () => {
    const sealed = await createVault(key(1)).seal(secret);
    const other = createVault(key(2), key(3));
    await expect(other.open(sealed)).rejects.toThrow(UnknownMasterKeyError);
    await expect(other.open(sealed)).rejects.toMatchObject({ kid: await createVault(key(1)).keyId() });
  });

  it("R227 a rotated vault opens what the previous key sealed, and seals under the new one", async () => {
    const before = createVault(key(1));
    const rotated = createVault(key(2), key(1));
    const old = await before.seal(secret);
    expect(text(await rotated.open(old))).toBe("a private key");
    const fresh = await rotated.seal(secret);
    expect(JSON.parse(fresh).kid).toBe(await createVault(key(2)).keyId());
    expect(text(await createVault(key(2)).open(fresh))).toBe("a private key");
    await expect(before.open(fresh)).rejects.toThrow(UnknownMasterKeyError);
  });

  it("R227 refuses an envelope of which one bit was changed, in any part", async () => {
    const vault = createVault(key(1), key(2));
    const envelope = JSON.parse(await vault.seal(secret));
    for (const member of ["key", "keyIv", "data", "iv"]) {
      const bytes = fromBase64(envelope[member]);
      for (const at of [0, bytes.length - 1]) {
        const changed = bytes.slice();
        changed[at]! ^= 1;
        await expect(
          vault.open(JSON.stringify({ ...envelope, [member]: toBase64(changed) })),
          `${member} ${at}`,
        ).rejects.toThrow();
      }
    }
    const other = JSON.parse(await vault.seal(secret));
    await expect(vault.open(JSON.stringify({ ...envelope, data: other.data, iv: other.iv }))).rejects.toThrow();
    const kid = await createVault(key(2)).keyId();
    await expect(vault.open(JSON.stringify({ ...envelope, kid }))).rejects.toThrow();
  });

  it("takes a master key of 32 bytes and no other", async () => {
    for (const wrong of [toBase64(new Uint8Array(16)), toBase64(new Uint8Array(33)), ""]) {
      await expect(createVault(wrong).keyId(), wrong).rejects.toThrow();
    }
  });

  it("R237 derives a key of its own for each purpose", async () => {
    const vault = createVault(key(1));
    const mac = async (purpose: string, message: string, of = vault) => toBase64(await of.mac(purpose, message));
    expect(await mac("image id", "x")).toBe(await mac("image id", "x"));
    const different = [
      await mac("image id", "x"),
      await mac("image id", "y"),
      await mac("other", "x"),
      await mac("image id", "x", createVault(key(2))),
    ];
    expect(new Set(different).size).toBe(4);
    expect(fromBase64(different[0]!)).toHaveLength(32);
  });
});

describe("base64", () => {
  it("round-trips any length, also beyond the arguments that one call takes", () => {
    for (const length of [0, 1, 2, 3, 8191, 8192, 8193, 300_000]) {
      const bytes = new Uint8Array(length).map((_, at) => at % 251);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }
  });
});
