import { beforeAll, describe, expect, it } from "vitest";
import { verifySignedMessage, walletSenderId, type RootKeys } from "../../src/google-wallet/callback";
import {
  base64,
  derOf,
  distantFuture,
  lv,
  newKey,
  newSigner,
  rootEntry,
  type CallbackKey,
  type CallbackSigner,
  type SignedOuter,
  type SignOptions,
} from "../support/google-callbacks";

const now = Date.parse("2026-05-01T18:30:00Z");
const issuerId = "3388000000012345678";

let signer: CallbackSigner;
let stranger: CallbackKey;
let otherCurve: CallbackKey;
beforeAll(async () => {
  [signer, stranger, otherCurve] = await Promise.all([newSigner(), newKey(), newKey("P-384")]);
});

type Options = Partial<Parameters<typeof verifySignedMessage>[1]>;

function verify(body: string, options: Options = {}) {
  const { keysDocument: rootKeys } = signer;
  return verifySignedMessage(body, { senderId: walletSenderId, recipientId: issuerId, rootKeys, now, ...options });
}

/** "ok", or why not. */
async function judge(body: string, options?: Options): Promise<string> {
  const result = await verify(body, options);
  return result.ok ? "ok" : result.reason;
}

const judgeSigned = async (options: Partial<SignOptions>, given?: Options) =>
  judge(await signer.sign({ issuerId, ...options }), given);

const withRoots = (...keys: unknown[]): Options => ({ rootKeys: { keys } as RootKeys });
const change = (members: object) => (outer: SignedOuter) => ({ ...outer, ...members });

describe("R262 a message that Google signed", () => {
  it("is taken, and its text is the one that was signed", async () => {
    const message = { note: "a=b <c> & 'd'" };
    const body = await signer.sign({ issuerId, message });
    expect(body).toContain("\\u003d\\u003d");
    const { signedMessage } = JSON.parse(body);
    expect(signedMessage).toContain("a\\u003db");
    expect(await verify(body)).toEqual({ ok: true, message: signedMessage });
    expect(JSON.parse(signedMessage)).toMatchObject(message);
  });

  it("may be any text", async () => {
    for (const message of ["plaintext", "", "[]", "null", "\0", '{"a":'])
      expect(await verify(await signer.sign({ issuerId, message }))).toEqual({ ok: true, message });
  });

  it("is the same however the outer JSON is written", async () => {
    const body = await signer.sign({ issuerId });
    const { signature, ...others } = JSON.parse(body);
    for (const same of [
      JSON.stringify(JSON.parse(body), null, 2),
      `\r\n\t ${JSON.stringify({ ...others, signature })} \n`,
      body.replaceAll("\\u003d", "="),
      body.replaceAll("\\u003d", "\\u003D"),
      body.replace('"signature"', '"\\u0073ignature"'),
      body.replaceAll("/", "\\/"),
    ]) {
      expect(await judge(same), same).toBe("ok");
    }
    expect(await judge(await signer.sign({ issuerId, htmlSafe: false }))).toBe("ok");
  });

  it("may have members that nobody knows, everywhere", async () => {
    const body = await signer.sign({
      issuerId,
      message: { futureField: { a: [1] } },
      signedKey: { keyId: 7 },
      alter: (outer) => ({
        ...outer,
        version: { of: "the future" },
        intermediateSigningKey: { ...outer.intermediateSigningKey, certificate: null },
      }),
    });
    expect(await judge(body, withRoots({ ...signer.keysDocument.keys[0], keyId: [] }))).toBe("ok");
  });

  it("counts bytes of UTF-8, and neither characters nor 16-bit units", async () => {
    for (const text of ["Zoë", "Füchse & Eulen – Käfer", "漢字", "😀", "a\u2028b", "\u{10ffff}\ud7ff\ue000\uffff"]) {
      expect(await judgeSigned({ message: { text } }), text).toBe("ok");
      expect(await judgeSigned({ message: text }), text).toBe("ok");
      expect(await judgeSigned({ signedKey: { owner: text } }), text).toBe("ok");
      expect(await judgeSigned({ senderId: text, recipientId: text }, { senderId: text, recipientId: text })).toBe(
        "ok",
      );
    }
  });

  it("is refused where the lengths are in characters, in the other order of bytes, or missing", async () => {
    const little = (part: string) => [part.length & 0xff, part.length >> 8, 0, 0];
    const layouts: ((part: string) => number[])[] = [little, (part) => little(part).reverse(), () => []];
    for (const lengthOf of layouts) {
      const bytesOf = (part: string) => [...lengthOf(part), ...new TextEncoder().encode(part)];
      const message = '{"text":"Zoë 😀"}';
      const parts = [walletSenderId, issuerId, "ECv2SigningOnly", message];
      const signature = await signBytes(signer.intermediate, Uint8Array.from(parts.flatMap(bytesOf)));
      expect(await judgeSigned({ message, alter: change({ signature }) })).toBe("bad_signature");
    }
    const parts = [walletSenderId, issuerId, "ECv2SigningOnly", "plain"];
    const signature = await signBytes(signer.intermediate, lv(...parts));
    expect(await judgeSigned({ message: "plain", alter: change({ signature }) })).toBe("ok");
  });
});

describe("R262 a message that is refused", () => {
  const jwt = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJldmVudFR5cGUiOiJzYXZlIn0.c2ln";

  it.each([
    "",
    " ",
    "not json",
    "{",
    "{'a':1}",
    "a.b.c",
    "www.example.com",
    "signature=1&x=2",
    "\ufeff{}",
    "\0",
    "undefined",
  ])("not_json: %j", async (body) => expect(await judge(body)).toBe("not_json"));

  it.each([jwt, ` ${jwt}\r\n`, JSON.stringify(jwt), ` "${jwt} " `, `${jwt.slice(0, -4)}`, "eyJhbGciOiJub25lIn0.e30."])(
    "R268 jwt: %j",
    async (body) => expect(await judge(body)).toBe("jwt"),
  );

  it.each([
    "[]",
    "{}",
    "null",
    "1",
    "true",
    '""',
    '"text"',
    "[{}]",
    `["${jwt}"]`,
    `{"jwt":"${jwt}"}`,
    '{"__proto__":{}}',
  ])("R268 wrong_shape: %s", async (body) => expect(await judge(body)).toBe("wrong_shape"));

  it.each(["signature", "intermediateSigningKey", "protocolVersion", "signedMessage"])(
    "wrong_shape: %s is missing or has another type",
    async (name) => {
      for (const value of [undefined, null, 1, true, ["x"], name === "intermediateSigningKey" ? "x" : {}])
        expect(await judgeSigned({ alter: change({ [name]: value }) }), String(value)).toBe("wrong_shape");
    },
  );

  it.each(["signedKey", "signatures"])("wrong_shape: %s is missing or has another type", async (name) => {
    for (const value of [undefined, null, 1, true, {}, name === "signedKey" ? ["x"] : "x", [1], ["", null], [[]]]) {
      const alter = (outer: SignedOuter) =>
        change({ intermediateSigningKey: { ...outer.intermediateSigningKey, [name]: value } })(outer);
      expect(await judgeSigned({ alter }), JSON.stringify(value)).toBe("wrong_shape");
    }
  });

  it("wrong_shape: members that are an object's by birth, or its prototype's", async () => {
    const body = await signer.sign({ issuerId });
    expect(await judge(`{"__proto__":${body}}`)).toBe("wrong_shape");
    expect(await judge(body.replace('"signedMessage"', '"constructor"'))).toBe("wrong_shape");
  });

  it("wrong_shape: half a surrogate pair, that UTF-8 would make one text of many", async () => {
    for (const half of ["\ud800", "\udc00", "a\udbff"]) {
      const replaced = { nonce: "\ufffd" };
      const body = await signer.sign({ issuerId, message: replaced, htmlSafe: false });
      expect(await judge(body)).toBe("ok");
      expect(await judge(body.replaceAll("\ufffd", half))).toBe("wrong_shape");
      expect(await judge(body.replaceAll("\ufffd", JSON.stringify(half).slice(1, -1)))).toBe("wrong_shape");
      const keyed = await signer.sign({ issuerId, signedKey: { owner: "\ufffd" } });
      expect(await judge(keyed.replaceAll("\ufffd", half))).toBe("wrong_shape");
    }
  });

  it("wrong_shape: so many signatures of one key that trying them would cost more than a message is worth", async () => {
    const many = (count: number) => Array.from({ length: count }, () => stranger);
    expect(await judgeSigned({ roots: [...many(19), signer.root] })).toBe("ok");
    expect(await judgeSigned({ roots: [...many(20), signer.root] })).toBe("wrong_shape");
  });

  it.each(["ECv1", "ECv2", "ECv3", "", "ecv2signingonly", "ECv2SigningOnly ", "\ud800"])(
    "unsupported_protocol: %j, even signed so",
    async (protocolVersion) => {
      const roots = withRoots(...signer.keysDocument.keys, rootEntry(signer.root, { protocolVersion }));
      expect(await judgeSigned({ protocolVersion }, roots)).toBe("unsupported_protocol");
      expect(await judgeSigned({ alter: change({ protocolVersion }) })).toBe("unsupported_protocol");
    },
  );

  it("unsupported_protocol: a payment token, which has other members", async () => {
    expect(await judge('{"signature":"","protocolVersion":"ECv1","signedMessage":""}')).toBe("unsupported_protocol");
  });

  it("bad_signature: another sender, another recipient, another text, another key", async () => {
    expect(await judgeSigned({ message: "a", alter: change({ signedMessage: "b" }) })).toBe("bad_signature");
    expect(await judgeSigned({ recipientId: `${issuerId}0` })).toBe("bad_signature");
    expect(await judgeSigned({}, { recipientId: `${issuerId}0` })).toBe("bad_signature");
    expect(await judgeSigned({ intermediate: stranger, signedKey: { keyValue: signer.intermediate.keyValue } })).toBe(
      "bad_signature",
    );
    // Signed by the root key itself.
    expect(
      await judgeSigned({ intermediate: signer.root, signedKey: { keyValue: signer.intermediate.keyValue } }),
    ).toBe("bad_signature");
    // What is over several texts is over none of them moved: the lengths hold them apart.
    const moved = await signer.sign({ issuerId: `${issuerId}1`, message: "2", recipientId: `${issuerId}1` });
    expect(await judge(moved.replace('"signedMessage":"2"', '"signedMessage":"12"'))).toBe("bad_signature");
  });

  it("bad_intermediate_signature: another sender or root, a changed key, no signature", async () => {
    const reason = "bad_intermediate_signature";
    expect(await judgeSigned({ senderId: "GoogleWalletPasses" })).toBe(reason);
    expect(await judgeSigned({}, { senderId: "GoogleWalletPasses" })).toBe(reason);
    expect(await judgeSigned({ roots: [stranger] })).toBe(reason);
    expect(await judgeSigned({ roots: [signer.intermediate] })).toBe(reason);
    expect(await judgeSigned({ roots: [] })).toBe(reason);
    const body = await signer.sign({ issuerId });
    expect(await judge(body.replace(String(distantFuture), String(distantFuture + 1)))).toBe(reason);
    // With keys that its sender made, all of them.
    expect(await judge(await (await newSigner()).sign({ issuerId }))).toBe(reason);
  });
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
    const alter = ({ intermediateSigningKey, ...outer }: SignedOuter) => ({
      ...outer,
      intermediateSigningKey: {
        ...intermediateSigningKey,
        signatures: ["", "no Base64!", "AAAA", ...intermediateSigningKey.signatures],
      },
    });
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

async function signBytes(key: CallbackKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, bytes);
  return base64(derOf(new Uint8Array(raw)));
}
