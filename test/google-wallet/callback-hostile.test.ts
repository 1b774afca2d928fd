import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyCallback, verifySignedMessage, walletSenderId, type RootKeys } from "../../src/google-wallet/callback";
import { newKey, rootEntry } from "../support/google-callbacks";
import { issuerId, newJudge, now, withRoots, type Judge } from "./callback-judge";

let { signer, verify, judge, judgeSigned, verifyWallet, judgeMessage } = {} as Judge;
let body: string;
beforeAll(async () => {
  ({ signer, verify, judge, judgeSigned, verifyWallet, judgeMessage } = await newJudge());
  body = await signer.sign({ issuerId, message: { note: "Zoë 😀" } });
});

const ofIssuer = new RegExp(`^${issuerId}\\..`, "s");
const runs = (numRuns: number) => ({ numRuns, seed: 2026 });
const outerMembers = ["signature", "intermediateSigningKey", "protocolVersion", "signedMessage"];

/** The texts that the signatures are about and the signatures themselves, of which another JSON can be written. */
function textsOf(text: string): string | null {
  try {
    const { signature, intermediateSigningKey, protocolVersion, signedMessage } = JSON.parse(text);
    const { signedKey, signatures } = intermediateSigningKey;
    return JSON.stringify([signature, signedKey, signatures, protocolVersion, signedMessage]);
  } catch {
    return null;
  }
}

/** Taken if it says the same, otherwise refused; by both functions, and with an answer in any case. */
async function expectSameOrRefused(mutant: string): Promise<void> {
  const same = textsOf(mutant) === textsOf(body);
  const answers = [await verify(mutant), await verifyWallet(mutant)];
  expect(
    answers.map(({ ok }) => ok),
    mutant,
  ).toEqual([same, same]);
}

describe("R262 a body that Google did not write", () => {
  it("is refused, whatever text it is", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...'{}[]":,.\\eyJ0= '.split("")), maxLength: 60 }),
      fc.json(),
      fc.base64String(),
    );
    await fc.assert(
      fc.asyncProperty(text, async (random) => {
        expect(["not_json", "jwt", "wrong_shape", "unsupported_protocol"]).toContain(await judge(random));
        expect(await verifyWallet(random)).toMatchObject({ ok: false });
      }),
      runs(1500),
    );
  });

  it("is refused, whatever its members are", async () => {
    const own = JSON.parse(body);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom("ECv2SigningOnly", ...Object.values(own)));
    const key = fc.record(
      {
        signedKey: fc.oneof(value, fc.constant(own.intermediateSigningKey.signedKey)),
        signatures: fc.oneof(value, fc.array(value)),
      },
      { requiredKeys: [] },
    );
    const outer = fc.record(
      { signature: value, intermediateSigningKey: fc.oneof(value, key), protocolVersion: value, signedMessage: value },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(outer, async (members) => {
        await expectSameOrRefused(JSON.stringify(members));
      }),
      runs(1500),
    );
  });

  it("is refused if one character is changed or missing, unless it says the same", async () => {
    for (let at = 0; at < body.length; at += 1) {
      const code = body.charCodeAt(at);
      const others = [code ^ 1, code ^ 0x20].map((other) => String.fromCharCode(other));
      for (const other of ["", ...others]) await expectSameOrRefused(body.slice(0, at) + other + body.slice(at + 1));
    }
  });

  it("is refused if something is put in, cut out or moved, unless it says the same", async () => {
    const place = fc.nat(body.length);
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("\\u003d", "=", "\\ud83d", "\0"),
    );
    await fc.assert(
      fc.asyncProperty(place, place, piece, async (from, to, text) => {
        await expectSameOrRefused(body.slice(0, from) + text + body.slice(to));
        await expectSameOrRefused(body.slice(0, Math.min(from, to)) + text + body.slice(Math.max(from, to)));
      }),
      runs(1000),
    );
  });

  it("is refused without any of its members, or with another type in its place", async () => {
    const own = JSON.parse(body);
    for (const value of [undefined, null, 0, true, "", "A", [], [[]], {}, { toString: 1 }, own]) {
      for (const name of outerMembers) await expectSameOrRefused(JSON.stringify({ ...own, [name]: value }));
      for (const name of ["signedKey", "signatures"]) {
        const intermediateSigningKey = { ...own.intermediateSigningKey, [name]: value };
        await expectSameOrRefused(JSON.stringify({ ...own, intermediateSigningKey }));
      }
      await expectSameOrRefused(
        JSON.stringify({ ...own, intermediateSigningKey: { ...own.intermediateSigningKey, signatures: [value] } }),
      );
    }
  });

  it("is refused where parts of two messages are put together", async () => {
    const other = JSON.parse(await signer.sign({ issuerId, message: { note: "another" } }));
    const own = JSON.parse(body);
    expect(await judge(JSON.stringify({ ...own, signedMessage: other.signedMessage }))).toBe("bad_signature");
    expect(await judge(JSON.stringify({ ...own, signature: other.signature }))).toBe("bad_signature");
    const signature = own.intermediateSigningKey.signatures[0];
    expect(await judge(JSON.stringify({ ...own, signature }))).toBe("bad_signature");
    const swapped = { ...own.intermediateSigningKey, signatures: [own.signature] };
    expect(await judge(JSON.stringify({ ...own, intermediateSigningKey: swapped }))).toBe("bad_intermediate_signature");
    // The text of the key as the message, with the root's signature: its bytes lack the recipient.
    const asMessage = { ...own, signedMessage: own.intermediateSigningKey.signedKey, signature };
    expect(await judge(JSON.stringify(asMessage))).toBe("bad_signature");
  });

  it("is refused however deep or long it is", async () => {
    const deep = 100_000;
    const nested = `${"[".repeat(deep)}${"]".repeat(deep)}`;
    expect(await judge("[".repeat(deep))).toBe("not_json");
    expect(await judge(nested)).toBe("wrong_shape");
    expect(await judge('{"signature":'.repeat(deep))).toBe("not_json");
    expect(await judge(body.replace(/"signature":"[^"]+"/, `"signature":${nested}`))).toBe("wrong_shape");
    expect(await judge(`${"a".repeat(deep)}.${"b".repeat(deep)}.`)).toBe("not_json");
    expect(await judge("a.".repeat(deep))).toBe("not_json");
    expect(await judge(`"${"\\u0065".repeat(deep)}"`)).toBe("wrong_shape");
    expect(await judgeMessage(nested)).toBe("message_malformed");
    expect(await judgeMessage(`{"nonce":${nested}}`)).toBe("message_malformed");
    expect(await judgeMessage(`{"messageExpiration":${nested}}`)).toBe("message_expired");
    expect(await judgeSigned({ signedKey: nested })).toBe("bad_intermediate_key");
  });
});

describe("R262 with anything around it", () => {
  it("a keys document of any shape makes no key alive", async () => {
    const broken = fc.record(
      { keyValue: fc.anything(), protocolVersion: fc.constant("ECv2SigningOnly"), keyExpiration: fc.anything() },
      { requiredKeys: [] },
    );
    const document = fc.oneof(
      fc.anything(),
      fc.record({ keys: fc.oneof(fc.anything(), fc.array(fc.oneof(broken, fc.anything()))) }),
    );
    await fc.assert(
      fc.asyncProperty(document, async (keys) => {
        expect(await judge(body, { rootKeys: keys as unknown as RootKeys })).toBe("no_live_root_key");
      }),
      runs(500),
    );
  });

  it("a message of any shape that Google signed has an answer", async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("save", "", `${issuerId}.x`, "1234567890.x", now + 1, String(now + 1), now),
    );
    const names = ["classId", "objectId", "externalPassId", "eventType", "expTimeMillis", "nonce", "messageExpiration"];
    const message = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.constantFrom("__proto__", "toString")), value);
    await fc.assert(
      fc.asyncProperty(fc.oneof(message, fc.string({ unit: "binary" })), async (signed) => {
        const answer = await verifyWallet(await signer.sign({ issuerId, message: signed }));
        if (answer.ok) {
          expect(typeof signed).toBe("object");
          const { nonce, eventType, expiresAt, classId, objectId, externalPassId } = answer.event;
          expect(nonce && eventType && expiresAt > now && ((classId && objectId) || externalPassId)).toBeTruthy();
          for (const id of [classId, objectId]) expect(id ?? `${issuerId}.x`).toMatch(ofIssuer);
        } else expect(answer.reason).toMatch(/^(message|expiry|nonce|event_type|ids|wrong|foreign)_[a-z]+$/);
      }),
      runs(700),
    );
  });

  it("no time makes an end that is none", async () => {
    for (const moment of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, 2 ** 63])
      expect(await judge(body, { now: moment })).toBe("no_live_root_key");
    expect(await judge(body, { now: Number.NEGATIVE_INFINITY })).toBe("ok");
  });

  it("many root keys are tried with each of many signatures, and no more", async () => {
    const strangers = await Promise.all(Array.from({ length: 5 }, () => newKey()));
    const roots = withRoots(...strangers.map((key) => rootEntry(key)));
    expect(await judgeSigned({ roots: Array.from({ length: 20 }, () => signer.root) }, roots)).toBe(
      "bad_intermediate_signature",
    );
  });

  it("both functions answer the same reason for what is not authentic", async () => {
    const given = { senderId: walletSenderId, rootKeys: signer.keysDocument, now };
    for (const wrong of ["", "[]", body.replace("ECv2S", "ECv1S"), body.replace("Zoë", "Zoe")]) {
      const answer = await verifySignedMessage(wrong, { ...given, recipientId: issuerId });
      expect(answer.ok).toBe(false);
      expect(await verifyCallback(wrong, { ...given, issuerId })).toEqual(answer);
    }
  });
});
