import { beforeAll, describe, expect, it } from "vitest";
import { walletSenderId } from "../../src/google-wallet/callback";
import {
  base64,
  derOf,
  distantFuture,
  lv,
  newKey,
  newSigner,
  rootEntry,
  type CallbackKey,
} from "../support/google-callbacks";
import { change, changeKey, issuerId, newJudge, withRoots, type Judge } from "./callback-judge";

let { signer, verify, judge, judgeSigned } = {} as Judge;
let stranger: CallbackKey;
beforeAll(async () => {
  ({ signer, verify, judge, judgeSigned } = await newJudge());
  stranger = await newKey();
});

/** Not in `signedKey`, where it belongs to what is signed. */
const outerEquals = /(?<!\\)\\u003d/;

describe("R262 a message that Google signed", () => {
  it("is taken, and its text is the one that was signed", async () => {
    const message = { note: "a=b <c> & 'd'" };
    const body = await signer.sign({ issuerId, message });
    expect(body).toContain("\\\\u003d\\\\u003d");
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
    let body = "";
    while (!outerEquals.test(body)) body = await signer.sign({ issuerId });
    const { signature, ...others } = JSON.parse(body);
    for (const same of [
      JSON.stringify(JSON.parse(body), null, 2),
      `\r\n\t ${JSON.stringify({ ...others, signature })} \n`,
      body.replace(outerEquals, "="),
      body.replace(outerEquals, "\\u003D"),
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
      alter: (outer) => ({ ...changeKey({ certificate: null })(outer), version: { of: "the future" } }),
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
        expect(await judgeSigned({ alter: change({ [name]: value }) }), JSON.stringify(value)).toBe("wrong_shape");
    },
  );

  it.each(["signedKey", "signatures"])("wrong_shape: %s is missing or has another type", async (name) => {
    for (const value of [undefined, null, 1, true, {}, name === "signedKey" ? ["x"] : "x", [1], ["", null], [[]]]) {
      expect(await judgeSigned({ alter: changeKey({ [name]: value }) }), JSON.stringify(value)).toBe("wrong_shape");
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

async function signBytes(key: CallbackKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, bytes);
  return base64(derOf(new Uint8Array(raw)));
}
