import { Buffer } from "node:buffer";
import { createPublicKey, verify as verifyByNode } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { walletSenderId } from "../../src/google-wallet/callback";
import { decodeStrictBase64 } from "../../src/google-wallet/callback/base64";
import { rawOfDer } from "../../src/google-wallet/callback/der";
import { base64, derOf, lv, signParts } from "../support/google-callbacks";
import { change, changeKey, issuerId, newJudge, type Judge } from "./callback-judge";

let { signer, judgeSigned } = {} as Judge;
beforeAll(async () => {
  ({ signer, judgeSigned } = await newJudge());
});

const message = '{"text":"Zoë"}';
const parts = [walletSenderId, issuerId, "ECv2SigningOnly", message];

/** Signs until the signature is such a one. */
async function signedSo(is: (raw: Uint8Array) => boolean): Promise<Uint8Array> {
  for (;;) {
    const raw = await signParts(signer.intermediate, parts);
    if (is(raw)) return raw;
  }
}

/** As the message's signature. */
const judgeDer = (der: ArrayLike<number>) =>
  judgeSigned({ message, alter: change({ signature: base64(Uint8Array.from(der)) }) });

const r = (raw: Uint8Array) => raw.subarray(0, 32);
const s = (raw: Uint8Array) => raw.subarray(32);
const isLong = (integer: Uint8Array) => integer[0]! >= 0x80;
const isShort = (integer: Uint8Array) => integer[0] === 0;
const sequence = (...integers: number[][]) => [0x30, integers.flat().length, ...integers.flat()];
const integer = (...bytes: number[]) => [0x02, bytes.length, ...bytes];

describe("R262 a signature in DER", () => {
  it.each<[string, (raw: Uint8Array) => boolean]>([
    ["both integers of 32 bytes", (raw) => [r(raw), s(raw)].every((one) => !isLong(one) && !isShort(one))],
    ["both integers of 33 bytes", (raw) => isLong(r(raw)) && isLong(s(raw))],
    ["r of 33 bytes, s of 32", (raw) => isLong(r(raw)) && !isLong(s(raw)) && !isShort(s(raw))],
    ["r of 32 bytes, s of 33", (raw) => !isLong(r(raw)) && !isShort(r(raw)) && isLong(s(raw))],
    ["r of 31 bytes", (raw) => isShort(r(raw)) && raw[1]! < 0x80],
    ["s of 31 bytes", (raw) => isShort(s(raw)) && raw[33]! < 0x80],
    ["r of 31 bytes and a zero before it", (raw) => isShort(r(raw)) && raw[1]! >= 0x80],
    ["s of 31 bytes and a zero before it", (raw) => isShort(s(raw)) && raw[33]! >= 0x80],
  ])("verifies: %s", async (_, is) => {
    const raw = await signedSo(is);
    expect(rawOfDer(derOf(raw))).toEqual(raw);
    expect(await judgeDer(derOf(raw))).toBe("ok");
  });

  it("may have integers of a few bytes, which no search finds", () => {
    const expected = new Uint8Array(64);
    expected[31] = 1;
    expected[62] = 0x80;
    expect(rawOfDer(Uint8Array.from(sequence(integer(1), integer(0, 0x80, 0))))).toEqual(expected);
  });

  it("verifies in its other form, with n - s, so no signature tells messages apart", async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const raw = await signParts(signer.intermediate, parts);
    const twin = (order - BigInt(`0x${Buffer.from(s(raw)).toString("hex")}`)).toString(16).padStart(64, "0");
    expect(await judgeDer(derOf(Uint8Array.from([...r(raw), ...Buffer.from(twin, "hex")])))).toBe("ok");
  });

  it("is refused in whatever other form, of the message and of the key", async () => {
    const raw = await signedSo((one) => isLong(r(one)) && !isLong(s(one)) && !isShort(s(one)));
    const [first, second] = [integer(0, ...r(raw)), integer(...s(raw))];
    expect(await judgeDer(sequence(first, second))).toBe("ok");
    const body = [...first, ...second];
    const forms: Record<string, number[]> = {
      empty: [],
      "raw r || s": [...raw],
      "only the sequence's head": [0x30, 0],
      "one integer": sequence(first),
      "three integers": sequence(first, second, integer(1)),
      "bytes after the sequence": [...sequence(first, second), 0],
      "bytes in the sequence, after the integers": [0x30, body.length + 1, ...body, 0],
      "a sequence that says it is longer": [0x30, body.length + 1, ...body],
      "a sequence that says it is shorter": [0x30, body.length - 1, ...body],
      "a length of two bytes": [0x30, 0x81, body.length, ...body],
      "a length of three bytes": [0x30, 0x82, 0, body.length, ...body],
      "an open length": [0x30, 0x80, ...body, 0, 0],
      "an integer's length of two bytes": sequence([0x02, 0x81, 33, 0, ...r(raw)], second),
      "a set": [0x31, body.length, ...body],
      "octets in place of r": sequence([0x04, ...first.slice(1)], second),
      "octets in place of s": sequence(first, [0x04, ...second.slice(1)]),
      "r with a zero too many": sequence(integer(0, 0, ...r(raw)), second),
      "s with a zero too many": sequence(first, integer(0, ...s(raw))),
      "negative r": sequence(integer(...r(raw)), second),
      "negative s": sequence(first, integer(0xff, ...s(raw))),
      "r of 34 bytes": sequence(integer(1, ...r(raw), 0), second),
      "r of 33 bytes": sequence(integer(1, ...r(raw)), second),
      "r is 0": sequence(integer(0), second),
      "s is 0": sequence(first, integer(0)),
      "r of no bytes": sequence(integer(), second),
      "s of no bytes": sequence(first, integer()),
      "both 0": sequence(integer(0), integer(0)),
      "r that reaches beyond the end": [0x30, body.length, 0x02, body.length, ...body.slice(2)],
      "s that reaches beyond the end": sequence(first, [0x02, 33, ...s(raw)]),
      "r and s changed over": sequence(second, first),
    };
    for (const [name, der] of Object.entries(forms)) {
      if (name !== "r and s changed over") expect(rawOfDer(Uint8Array.from(der)), name).toBeNull();
      expect(await judgeDer(der), name).toBe("bad_signature");
      const signatures = [base64(Uint8Array.from(der))];
      expect(await judgeSigned({ alter: changeKey({ signatures }) }), name).toBe("bad_intermediate_signature");
    }
  });

  it("is refused if any byte is missing at its end, or anywhere", async () => {
    const der = [...derOf(await signParts(signer.intermediate, parts))];
    for (let at = 0; at < der.length; at += 1) {
      expect(rawOfDer(Uint8Array.from(der.slice(0, at)))).toBeNull();
      expect(await judgeDer(der.toSpliced(at, 1))).toBe("bad_signature");
    }
  });

  it("is read as node:crypto reads DER, however it was changed", async () => {
    const { keyValue, publicKey } = signer.intermediate;
    const nodeKey = createPublicKey({ key: Buffer.from(keyValue, "base64"), format: "der", type: "spki" });
    const data = lv(...parts);
    const change = fc.record({
      at: fc.nat(80),
      removed: fc.constantFrom(0, 0, 1, 1, 2),
      bytes: fc.uint8Array({ maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 2 }), async (changes) => {
        const der = [...derOf(await signParts(signer.intermediate, parts))];
        for (const { at, removed, bytes } of changes) der.splice(at, removed, ...bytes);
        const raw = rawOfDer(Uint8Array.from(der));
        const ecdsa = { name: "ECDSA", hash: "SHA-256" };
        const ours = raw !== null && (await crypto.subtle.verify(ecdsa, publicKey, raw, data));
        expect(ours).toBe(verifyByNode("sha256", data, nodeKey, Buffer.from(der)));
        if (raw) expect([...derOf(raw)]).toEqual(der);
      }),
      { numRuns: 1500, seed: 262 },
    );
  });
});

describe("R262 Base64", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeStrictBase64(base64(bytes))).toEqual(bytes);
      }),
    );
  });

  it("is refused in whatever other form", async () => {
    const signatureOf = (text: string) => judgeSigned({ message, alter: change({ signature: text }) });
    // With characters of which the URL-safe alphabet has others, and with padding.
    const raw = await signedSo((one) => derOf(one).length % 3 === 1 && /[+/]/.test(base64(derOf(one))));
    const text = base64(derOf(raw));
    expect(text).toMatch(/^[\w+/]+==$/);
    expect(await signatureOf(text)).toBe("ok");
    const last = text.at(-3)!;
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const notBase64 = [
      text.replaceAll("+", "-").replaceAll("/", "_"),
      text.replaceAll("=", ""),
      text.slice(0, -1),
      `${text}=`,
      `${text}==`,
      `${text}AAAA`,
      ` ${text}`,
      `${text}\n`,
      `${text.slice(0, 64)}\r\n${text.slice(64)}`,
      `${text.slice(0, 8)} ${text.slice(8)}`,
      `${text.slice(0, 8)}\0${text.slice(8)}`,
      `${text.slice(0, -2)}%3D%3D`,
      text.replace("M", "\uff2d"),
      // Bits that stand for nothing.
      `${text.slice(0, -3)}${alphabet[alphabet.indexOf(last) + 1]}==`,
    ];
    for (const other of notBase64) {
      expect(decodeStrictBase64(other), other).toBeNull();
      expect(await signatureOf(other), other).toBe("bad_signature");
    }
    for (const otherBytes of ["", "AAAA", Buffer.from(derOf(raw)).toString("hex")])
      expect(await signatureOf(otherBytes), otherBytes).toBe("bad_signature");
  });
});
