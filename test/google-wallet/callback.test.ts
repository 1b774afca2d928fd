import { beforeAll, describe, expect, it } from "vitest";
import { verifyCallback, walletSenderId } from "../../src/google-wallet/callback";
import { distantFuture } from "../support/google-callbacks";
import { issuerId, newJudge, now, type Judge } from "./callback-judge";

let { signer, verifyWallet, judgeMessage } = {} as Judge;
beforeAll(async () => {
  ({ signer, verifyWallet, judgeMessage } = await newJudge());
});

const event = {
  eventType: "save",
  classId: `${issuerId}.class`,
  objectId: `${issuerId}.object`,
  externalPassId: null,
  nonce: "6b6f4a0e-7c5c-4a53-9f3b-0c9f8d1f0001",
  expiresAt: distantFuture,
};
const ids = { classId: undefined, objectId: undefined };

const eventOf = async (message: Record<string, unknown>) =>
  verifyWallet(await signer.sign({ issuerId, message: { nonce: event.nonce, ...message } }));

describe("R262 a callback of Wallet", () => {
  it.each(["save", "del"])("R260 R261 says that a pass was saved or removed: %s", async (eventType) => {
    expect(await eventOf({ eventType })).toEqual({ ok: true, event: { ...event, eventType } });
  });

  it.each(["update", "SAVE", "saved ", "Ä", "constructor"])(
    "keeps an event that nobody knows: %j",
    async (eventType) => {
      expect(await eventOf({ eventType })).toEqual({ ok: true, event: { ...event, eventType } });
    },
  );

  it("may have members that nobody knows, and no count", async () => {
    const message = { count: undefined, futureField: { a: [1] }, ids: null, messageExpiration: String(now + 1) };
    expect(await eventOf(message)).toEqual({ ok: true, event });
    expect(await eventOf({ count: "many", __proto__: { nonce: "1" } })).toEqual({ ok: true, event });
  });

  it("is read from the text that was signed", async () => {
    const { expiresAt, externalPassId: _, ...members } = event;
    const text = JSON.stringify({ ...members, expTimeMillis: expiresAt }, null, 3).replace("save", "s\\u0061ve");
    expect(await verifyWallet(await signer.sign({ issuerId, message: text }))).toEqual({ ok: true, event });
  });

  it("R268 may be of a private pass, which has one id in place of two", async () => {
    for (const externalPassId of [`${issuerId}.x`, `${issuerId}.membership 4711`, `${issuerId}.Ä.1`]) {
      const own = { ...event, classId: null, objectId: null, externalPassId };
      expect(await eventOf({ ...ids, externalPassId })).toEqual({ ok: true, event: own });
      expect(await eventOf({ classId: "", objectId: "", externalPassId })).toEqual({ ok: true, event: own });
    }
    const externalPassId = `${issuerId}.x`;
    expect(await eventOf({ externalPassId })).toEqual({ ok: true, event: { ...event, externalPassId } });
    expect(await eventOf({ externalPassId: "" })).toEqual({ ok: true, event });
    const halved = { ...event, classId: null, externalPassId };
    expect(await eventOf({ classId: undefined, externalPassId })).toEqual({ ok: true, event: halved });
  });

  it.each([now + 1, String(now + 1), `00${now + 1}`, Number.MAX_SAFE_INTEGER, String(Number.MAX_SAFE_INTEGER)])(
    "is valid until %j",
    async (expTimeMillis) => {
      expect(await eventOf({ expTimeMillis })).toEqual({
        ok: true,
        event: { ...event, expiresAt: Number(expTimeMillis) },
      });
    },
  );

  it.each([2 ** 53, "9007199254740993", "9223372036854775807", 1e300])(
    "is valid until %j, of which the last exact number is told",
    async (expTimeMillis) => {
      expect(await eventOf({ expTimeMillis })).toEqual({
        ok: true,
        event: { ...event, expiresAt: Number.MAX_SAFE_INTEGER },
      });
    },
  );

  it.each([now, String(now), now - 1, String(now - 1), 0, "0", -1, -distantFuture])(
    "message_expired: %j is over",
    async (expTimeMillis) => expect(await judgeMessage({ expTimeMillis })).toBe("message_expired"),
  );

  it("is held to messageExpiration, too", async () => {
    expect(await judgeMessage({ messageExpiration: now })).toBe("message_expired");
  });

  it("message_malformed: no JSON object", async () => {
    for (const text of ["", "plaintext", "null", "[]", "1", '"save"', "{", '{"eventType":"save"', "[".repeat(4000)])
      expect(await judgeMessage(text), text.slice(0, 20)).toBe("message_malformed");
  });

  it.each(["eventType", "nonce", "classId", "objectId", "externalPassId"])(
    "message_malformed: %s of another type",
    async (name) => {
      for (const value of [null, 1, 0, true, false, [], ["save"], {}, "\ud800"])
        expect(await judgeMessage({ [name]: value }), JSON.stringify(value)).toBe("message_malformed");
    },
  );

  it("message_malformed: expTimeMillis of another type", async () => {
    for (const value of [null, true, [], {}, "", "soon", "-1", "1e13", " 1", `${now}.0`, now + 0.5])
      expect(await judgeMessage({ expTimeMillis: value }), JSON.stringify(value)).toBe("message_malformed");
    const text = JSON.stringify({ ...event, externalPassId: undefined, expTimeMillis: "?" });
    for (const value of ["1e400", "-1e400", "9".repeat(400)])
      expect(await judgeMessage(text.replace('"?"', value)), value.slice(0, 20)).toBe("message_malformed");
  });

  it.each([
    ["expiry_missing", { expTimeMillis: undefined }],
    ["nonce_missing", { nonce: undefined }],
    ["nonce_missing", { nonce: "" }],
    ["event_type_missing", { eventType: undefined }],
    ["event_type_missing", { eventType: "" }],
    ["ids_missing", { classId: undefined }],
    ["ids_missing", { classId: "" }],
    ["ids_missing", { objectId: undefined }],
    ["ids_missing", { objectId: "" }],
    ["ids_missing", { ...ids, externalPassId: "" }],
  ])("%s: %j", async (reason, message) => expect(await judgeMessage(message)).toBe(reason));

  it("is refused for the first of several reasons", async () => {
    const wrong: [string, object][] = [
      ["foreign_issuer", { objectId: "1.x" }],
      ["ids_missing", { classId: undefined }],
      ["event_type_missing", { eventType: "" }],
      ["nonce_missing", { nonce: "" }],
      ["message_expired", { expTimeMillis: now }],
      ["expiry_missing", { expTimeMillis: undefined }],
      ["message_malformed", { nonce: 1 }],
    ];
    let message = {};
    for (const [reason, members] of wrong) {
      message = { ...message, ...members };
      expect(await judgeMessage(message)).toBe(reason);
    }
    expect(await judgeMessage("")).toBe("message_malformed");
  });
});

describe("R268 R274 the issuer", () => {
  const others = [
    "3388000000012345679.x",
    `${issuerId}0.x`,
    `${issuerId.slice(0, -1)}.x`,
    `0${issuerId}.x`,
    ` ${issuerId}.x`,
    `x.${issuerId}.x`,
    issuerId,
    `${issuerId}.`,
    `.${issuerId}.x`,
    `.x`,
    `${issuerId}/x`,
    `${issuerId}\u3002x`,
    "x",
  ];

  it.each(others)("foreign_issuer: %j is an id of no pass or class of it", async (id) => {
    expect(await judgeMessage({ classId: id })).toBe("foreign_issuer");
    expect(await judgeMessage({ objectId: id })).toBe("foreign_issuer");
    expect(await judgeMessage({ classId: undefined, objectId: id, externalPassId: `${issuerId}.x` })).toBe(
      "foreign_issuer",
    );
  });

  it.each([...others, "1234567890.x", `0${issuerId}.x`])(
    "foreign_issuer: %j names another for a private pass",
    async (externalPassId) => {
      expect(await judgeMessage({ ...ids, externalPassId })).toBe("foreign_issuer");
      expect(await judgeMessage({ externalPassId })).toBe("foreign_issuer");
    },
  );

  it("ends at the first dot, and what follows may hold more", async () => {
    const message = { classId: `${issuerId}.a.b.c`, objectId: `${issuerId}..` };
    expect(await eventOf(message)).toEqual({ ok: true, event: { ...event, ...message } });
    const { keysDocument: rootKeys } = signer;
    const dotted = `${issuerId}.a`;
    const body = await signer.sign({ issuerId: dotted });
    const given = { senderId: walletSenderId, rootKeys, now };
    expect(await verifyCallback(body, { ...given, issuerId: dotted })).toEqual({ ok: false, reason: "foreign_issuer" });
  });

  it("is the one that is asked for, not the one that the message names", async () => {
    const other = "3388000000099999999";
    const { keysDocument: rootKeys } = signer;
    const given = { senderId: walletSenderId, rootKeys, now };
    const body = await signer.sign({ issuerId: other });
    expect(await verifyCallback(body, { ...given, issuerId })).toEqual({ ok: false, reason: "bad_signature" });
    expect(await verifyCallback(body, { ...given, issuerId: other })).toMatchObject({ ok: true });
    // Google signs for one issuer what names another.
    const mixed = await signer.sign({ issuerId: other, recipientId: issuerId });
    expect(await verifyCallback(mixed, { ...given, issuerId })).toEqual({ ok: false, reason: "foreign_issuer" });
    expect(await verifyCallback(mixed, { ...given, issuerId: other })).toEqual({ ok: false, reason: "bad_signature" });
  });

  it("R262 is judged after the signature", async () => {
    const body = await signer.sign({ issuerId, message: "", senderId: "Google" });
    expect(await verifyWallet(body)).toEqual({ ok: false, reason: "bad_intermediate_signature" });
    expect(await verifyWallet("a")).toEqual({ ok: false, reason: "not_json" });
  });
});
