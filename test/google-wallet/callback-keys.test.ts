import { beforeAll, describe, expect, it } from "vitest";
import type { RootKeys } from "../../src/google-wallet/callback";
import { distantFuture, newKey, rootEntry, type CallbackKey, type SignedOuter } from "../support/google-callbacks";
import { change, changeKey, issuerId, newJudge, now, withRoots, type Judge } from "./callback-judge";

let { signer, judge, judgeSigned } = {} as Judge;
let stranger: CallbackKey;
let otherCurve: CallbackKey;
beforeAll(async () => {
  ({ signer, judge, judgeSigned } = await newJudge());
  [stranger, otherCurve] = await Promise.all([newKey(), newKey("P-384")]);
});

describe("R262 root keys", () => {
  const reason = "no_live_root_key";
  const entry = (members?: object) => rootEntry(signer.root, { ...members });

  it("are tried all", async () => {
    const others = [rootEntry(stranger), rootEntry(signer.intermediate)];
    expect(await judgeSigned({}, withRoots(...others, entry()))).toBe("ok");
    expect(await judgeSigned({}, withRoots(entry(), ...others))).toBe("ok");
    expect(await judgeSigned({}, withRoots(...others))).toBe("bad_intermediate_signature");
  });

  it("vouch by any of several signatures, of which others may be no signatures at all", async () => {
    for (const roots of [
      [stranger, signer.root],
      [signer.root, stranger],
      [stranger, stranger, signer.root, stranger],
    ])
      expect(await judgeSigned({ roots })).toBe("ok");
    const alter = (outer: SignedOuter) =>
      changeKey({ signatures: ["", "no Base64!", "AAAA", ...outer.intermediateSigningKey.signatures] })(outer);
    expect(await judgeSigned({ alter })).toBe("ok");
  });

  it.each(["ECv1", "ECv2", "ECv2SigningOnly2", "", undefined, null, 2])(
    "of protocol %j are passed over, though the key is the right one",
    async (protocolVersion) => {
      expect(await judgeSigned({}, withRoots(entry({ protocolVersion })))).toBe(reason);
      expect(await judgeSigned({}, withRoots(entry({ protocolVersion }), entry()))).toBe("ok");
    },
  );

  it.each([
    undefined,
    null,
    "",
    "soon",
    "4102358400000.5",
    "-1",
    "+4102358400000",
    " 4102358400000",
    "4e12",
    "0x3bb2cc3d800",
    4102358400000.5,
    true,
    {},
    "9".repeat(20),
    "1",
    String(now),
    String(now - 1),
    now,
  ])("with %j as their end are passed over", async (keyExpiration) => {
    expect(await judgeSigned({}, withRoots(entry({ keyExpiration })))).toBe(reason);
    expect(await judgeSigned({}, withRoots(entry({ keyExpiration }), entry()))).toBe("ok");
  });

  it.each([String(now + 1), now + 1, "9223372036854775807", String(distantFuture)])(
    "that end at %j are alive",
    async (keyExpiration) => expect(await judgeSigned({}, withRoots(entry({ keyExpiration })))).toBe("ok"),
  );

  it("that are unreadable are passed over", async () => {
    const { keyValue } = signer.root;
    const point = keyValue.slice(36);
    for (const broken of [
      "",
      "AAAA",
      "no Base64",
      keyValue.slice(0, -4),
      `${keyValue}AAAA`,
      ` ${keyValue}`,
      keyValue.replaceAll("=", ""),
      `-----BEGIN PUBLIC KEY-----\n${keyValue}\n-----END PUBLIC KEY-----`,
      point,
      otherCurve.keyValue,
      null,
      1,
      [keyValue],
    ]) {
      expect(await judgeSigned({}, withRoots(entry({ keyValue: broken }))), String(broken)).toBe(reason);
      expect(await judgeSigned({}, withRoots(entry({ keyValue: broken }), entry())), String(broken)).toBe("ok");
    }
  });

  it("may come in a document of any shape", async () => {
    for (const document of [
      null,
      undefined,
      [],
      {},
      "",
      1,
      [entry()],
      { keys: null },
      { keys: { 0: entry(), length: 1 } },
    ])
      expect(await judgeSigned({}, { rootKeys: document as unknown as RootKeys })).toBe(reason);
    expect(await judgeSigned({}, withRoots())).toBe(reason);
    expect(await judgeSigned({}, withRoots(null, 1, "x", [], [entry()]))).toBe(reason);
    expect(await judgeSigned({}, withRoots(null, 1, "x", [], entry()))).toBe("ok");
  });

  it("are of the document that is given, whatever was verified before", async () => {
    const body = await signer.sign({ issuerId });
    expect(await judge(body)).toBe("ok");
    expect(await judge(body, withRoots(rootEntry(stranger)))).toBe("bad_intermediate_signature");
    expect(await judge(body, withRoots())).toBe(reason);
    expect(await judge(body, withRoots(entry({ keyExpiration: String(now) })))).toBe(reason);
  });

  it("stay right when more come by than are remembered", async () => {
    for (let count = 0; count < 40; count += 1) {
      const [root, intermediate] = await Promise.all([newKey(), newKey()]);
      const body = await signer.sign({ issuerId, roots: [root], intermediate });
      expect(await judge(body, withRoots(rootEntry(root)))).toBe("ok");
      expect(await judge(body)).toBe("bad_intermediate_signature");
    }
    expect(await judgeSigned({})).toBe("ok");
  });
});

describe("R262 the intermediate key", () => {
  it("is one of P-256, in Base64 of its SubjectPublicKeyInfo", async () => {
    const { keyValue } = signer.intermediate;
    for (const broken of [
      undefined,
      null,
      1,
      "",
      "AAAA",
      `${keyValue}\n`,
      keyValue.replaceAll("=", ""),
      otherCurve.keyValue,
    ])
      expect(await judgeSigned({ signedKey: { keyValue: broken } }), String(broken)).toBe("bad_intermediate_key");
    for (const text of ["", "text", "[]", "null", '"x"', "{}", keyValue])
      expect(await judgeSigned({ signedKey: text }), text).toBe("bad_intermediate_key");
  });

  it.each([
    undefined,
    null,
    "",
    "soon",
    distantFuture,
    true,
    "-1",
    "4102358400000.0",
    " 4102358400000",
    "9".repeat(20),
  ])("has an end in milliseconds, as a text: not %j", async (keyExpiration) =>
    expect(await judgeSigned({ signedKey: { keyExpiration } })).toBe("bad_intermediate_key"),
  );

  it("signs until then", async () => {
    const judgeAt = (end: number, at: number) =>
      judgeSigned({ signedKey: { keyExpiration: String(end) } }, { now: at });
    expect(await judgeAt(now + 1, now)).toBe("ok");
    expect(await judgeAt(now, now)).toBe("intermediate_key_expired");
    expect(await judgeAt(now - 1, now)).toBe("intermediate_key_expired");
    expect(await judgeAt(0, now)).toBe("intermediate_key_expired");
    // Having been verified once does not help.
    const body = await signer.sign({ issuerId, signedKey: { keyExpiration: String(now + 1) } });
    expect([await judge(body), await judge(body, { now: now + 1 })]).toEqual(["ok", "intermediate_key_expired"]);
  });
});

describe("R262 messageExpiration, of payments", () => {
  it.each([now + 1, String(now + 1), distantFuture])("holds until %j", async (messageExpiration) =>
    expect(await judgeSigned({ message: { messageExpiration } })).toBe("ok"),
  );

  it.each([now, String(now), now - 1, "0", 0, -1, "soon", "", null, true, {}, now + 1.5, `${now + 1}.5`])(
    "is over, or is no time: %j",
    async (messageExpiration) => expect(await judgeSigned({ message: { messageExpiration } })).toBe("message_expired"),
  );

  it("is looked for in the message itself only", async () => {
    expect(await judgeSigned({ message: '[{"messageExpiration":"1"}]' })).toBe("ok");
    expect(await judgeSigned({ message: '{"inner":{"messageExpiration":"1"}}' })).toBe("ok");
    expect(await judgeSigned({ message: '{"__proto__":{"messageExpiration":"1"}}' })).toBe("ok");
    expect(await judgeSigned({ message: '{"message\\u0045xpiration":"1"}' })).toBe("message_expired");
    expect(await judgeSigned({ alter: change({ messageExpiration: "1" }) })).toBe("ok");
  });
});
