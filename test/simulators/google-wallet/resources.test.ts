import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, expectRefused, newIssuer, newSimulator, type Issuer } from "./client";
import { allVerticals, issued, passOf } from "./passes";

const start = Date.parse("2040-01-01T00:00:00Z");
let issuer: Issuer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  issuer = await newIssuer(newSimulator());
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the number of classes and objects", () => {
  it("R138 of one issuer is bounded", async () => {
    const { simulator, issuerId } = issuer;
    const counted = (change = 0) =>
      runInDurableObject(simulator, (_, { storage }) => {
        storage.sql.exec("update issuers set resource_count = resource_count + ? where id = ?", change, issuerId);
        return storage.sql.exec<{ n: number }>("select resource_count as n from issuers where id = ?", issuerId).one()
          .n;
      });
    const [pass, other] = [await issued(issuer, "generic"), passOf(issuer, "generic", "2")];
    await issuer.call("PATCH", `${pass.objectPath}/${pass.object.id}`, { state: "EXPIRED" });
    await issuer.call("POST", pass.objectPath, pass.object);
    await issuer.call("PATCH", `/issuer/${issuerId}`, { name: "Renamed" });
    await issuer.call("POST", "/jwt/validate", {
      jsonResource: { json: JSON.stringify({ genericClasses: [other.class] }) },
    });
    expect(await counted()).toBe(2);
    expect(await counted(19_997)).toBe(19_999);
    expect((await issuer.call("POST", other.classPath, other.class)).status).toBe(200);
    const refused = await issuer.call("POST", other.objectPath, other.object);
    expectRefused(refused, 403, "limitExceeded");
    expect(refused.body.error.message).toContain("simulator's own limit");
    const link = await issuer.saveLink({ genericObjects: [other.object] });
    expect((await ask(simulator, "GET", link)).status).toBe(403);
    expect((await issuer.call("PATCH", `${pass.objectPath}/${pass.object.id}`, { state: "ACTIVE" })).status).toBe(200);
    const stranger = await newIssuer(simulator);
    expect((await issued(stranger, "generic")).vertical).toBe("generic");
  });
});

/** Another second, another twenty requests. */
const wait = (milliseconds = 1000) => vi.setSystemTime(Date.now() + milliseconds);

describe.each(allVerticals)("R021 %s", (vertical) => {
  it("R021 makes, reads, lists, replaces and patches class and object", async () => {
    const pass = passOf(issuer, vertical);
    const madeClass = await issuer.call("POST", pass.classPath, pass.class);
    expect(madeClass.status, madeClass.text).toBe(200);
    const madeObject = await issuer.call("POST", pass.objectPath, pass.object);
    expect(madeObject.status, madeObject.text).toBe(200);
    expect(madeObject.body).toMatchObject({ id: pass.object.id, classId: pass.class.id, hasUsers: false });
    const classAt = `${pass.classPath}/${pass.class.id}`;
    const objectAt = `${pass.objectPath}/${pass.object.id}`;
    expect((await issuer.call("GET", classAt)).body).toEqual(madeClass.body);
    expect((await issuer.call("GET", objectAt)).body).toEqual(madeObject.body);
    const classes = await issuer.call("GET", `${pass.classPath}?issuerId=${issuer.issuerId}`);
    expect(classes.body).toEqual({ resources: [madeClass.body], pagination: { resultsPerPage: 1 } });
    const objects = await issuer.call("GET", `${pass.objectPath}?classId=${pass.class.id}`);
    expect(objects.body).toEqual({ resources: [madeObject.body], pagination: { resultsPerPage: 1 } });

    const reviewed = vertical === "generic" ? {} : { reviewStatus: "UNDER_REVIEW" };
    const replaced = await issuer.call("PUT", classAt, { ...pass.class, ...reviewed, merchantLocations: [] });
    expect(replaced.status, replaced.text).toBe(200);
    expect(replaced.body.merchantLocations).toEqual([]);
    const patched = await issuer.call("PATCH", objectAt, { textModulesData: [{ id: "one", header: "A", body: "B" }] });
    expect(patched.status, patched.text).toBe(200);
    const { classReference: _reference, ...rest } = patched.body;
    const { classReference: _before, ...before } = madeObject.body;
    expect(rest).toEqual({ ...before, textModulesData: [{ id: "one", header: "A", body: "B" }] });
    const put = await issuer.call("PUT", objectAt, pass.object);
    expect(put.body.textModulesData).toEqual(pass.object.textModulesData);
  });

  it("R021 adds messages to class and object", async () => {
    const pass = await issued(issuer, vertical);
    for (const at of [`${pass.classPath}/${pass.class.id}`, `${pass.objectPath}/${pass.object.id}`]) {
      const before = (await issuer.call("GET", at)).body.messages ?? [];
      const { status, body, text } = await issuer.call("POST", `${at}/addMessage`, {
        message: { header: "Hello", body: "World", id: "m" },
      });
      expect(status, text).toBe(200);
      expect(body.resource.messages).toEqual([
        ...before,
        { header: "Hello", body: "World", id: "m", messageType: "TEXT" },
      ]);
    }
  });

  it("R021 shows the class in the object, where the vertical has a place for it", async () => {
    const pass = await issued(issuer, vertical);
    const { body } = await issuer.call("GET", `${pass.objectPath}/${pass.object.id}`);
    expect(body.classReference?.id).toBe(vertical === "generic" ? undefined : pass.class.id);
  });

  it("R021 refuses what misses a mandatory member, has an unknown one, or one of the wrong type", async () => {
    const pass = passOf(issuer, vertical);
    const { id: _id, ...nameless } = pass.class;
    expectRefused(await issuer.call("POST", pass.classPath, nameless), 400, "invalidResource");
    expectRefused(await issuer.call("POST", pass.classPath, { ...pass.class, colour: "red" }), 400, "invalid");
    expectRefused(await issuer.call("POST", pass.classPath, { ...pass.class, messages: "none" }), 400, "invalid");
    await issuer.call("POST", pass.classPath, pass.class);
    const { classId: _classId, ...classless } = pass.object;
    const refused = await issuer.call("POST", pass.objectPath, classless);
    expectRefused(refused, 400, "invalid");
    expect(refused.body.error.message).toContain("classId");
    expectRefused(await issuer.call("POST", pass.objectPath, { ...pass.object, state: "GONE" }), 400, "invalid");
    expectRefused(await issuer.call("POST", pass.objectPath, "{"), 400, "parseError");
    expectRefused(await issuer.call("POST", pass.objectPath, "[]"), 400, "parseError");
    expectRefused(await issuer.call("GET", `${pass.objectPath}/${pass.object.id}`), 404, "resourceNotFound");
  });
});

describe("ids", () => {
  it("R021 are taken for ever, and by whichever vertical came first", async () => {
    const loyalty = await issued(issuer, "loyalty");
    expectRefused(await issuer.call("POST", "/loyaltyClass", loyalty.class), 409, "alreadyExists");
    expectRefused(await issuer.call("POST", "/loyaltyObject", loyalty.object), 409, "alreadyExists");
    const offer = passOf(issuer, "offer");
    const sameId = { ...offer.class, id: loyalty.class.id };
    expectRefused(await issuer.call("POST", "/offerClass", sameId), 409, "alreadyExists");
    expectRefused(await issuer.call("GET", `/offerClass/${loyalty.class.id}`), 404, "classNotFound");
  });

  it("R021 go to one of two that ask at once", async () => {
    const pass = passOf(issuer, "generic");
    const answers = await Promise.all([1, 2].map(() => issuer.call("POST", "/genericClass", pass.class)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it.each(["nothing", "3388.", ".x", "12 3.x", "1.a/b", "1.ü", "%zz"])("R021 refuses %s", async (id) => {
    const pass = passOf(issuer, "generic");
    if (id !== "%zz") {
      expectRefused(await issuer.call("POST", "/genericClass", { ...pass.class, id }), 400, "invalidResource");
    }
    if (!id.includes("/")) expectRefused(await issuer.call("GET", `/genericClass/${id}`), 400, "invalidResource");
  });

  it("R021 of a path and its body have to agree", async () => {
    const pass = await issued(issuer, "generic");
    const at = `/genericObject/${pass.object.id}`;
    expectRefused(await issuer.call("PATCH", at, { id: issuer.id("other") }), 400, "invalid");
    expect((await issuer.call("PATCH", at, { id: pass.object.id })).status).toBe(200);
  });
});

describe("who may", () => {
  it("R021 refuses an account that is no user of the issuer", async () => {
    const pass = await issued(issuer, "generic");
    const stranger = await newIssuer(issuer.simulator);
    const at = `/genericObject/${pass.object.id}`;
    for (const [method, path, body] of [
      ["GET", at],
      ["PATCH", at, { state: "EXPIRED" }],
      ["PUT", at, pass.object],
      ["POST", `${at}/addMessage`, { message: { header: "a", body: "b" } }],
      ["POST", "/genericClass", { ...pass.class, id: issuer.id("theirs") }],
      ["GET", `/genericClass?issuerId=${issuer.issuerId}`],
      ["GET", `/genericObject?classId=${pass.class.id}`],
      ["GET", "/genericClass/1.unknown"],
    ] as const) {
      expectRefused(await stranger.call(method, path, body), 403, "permissionDenied");
    }
    const theirs = { ...pass.object, id: stranger.id("o") };
    expectRefused(await stranger.call("POST", "/genericObject", theirs), 403, "permissionDenied");
  });
});

describe("lists", () => {
  it("R021 come in pages", async () => {
    const pass = await issued(issuer, "generic");
    for (const suffix of ["a", "b", "c", "d"]) {
      await issuer.call("POST", "/genericObject", { ...pass.object, id: issuer.id(suffix) });
    }
    const seen: string[] = [];
    let token = "";
    do {
      const path = `/genericObject?classId=${pass.class.id}&maxResults=2&token=${encodeURIComponent(token)}`;
      const { body } = await issuer.call("GET", path);
      expect(body.pagination.resultsPerPage).toBe(body.resources.length);
      seen.push(...body.resources.map(({ id }: { id: string }) => id));
      token = body.pagination.nextPageToken ?? "";
    } while (token !== "");
    expect(seen).toEqual(["a", "b", "c", "d", "generic.object.1"].map(issuer.id));
  });

  it.each([
    ["/genericObject", 400],
    ["/genericClass", 400],
    ["/genericClass?issuerId=x", 400],
    ["/genericObject?classId=ISSUER.none", 404],
    ["/genericClass?issuerId=ISSUER&maxResults=0", 400],
    ["/genericClass?issuerId=ISSUER&maxResults=many", 400],
    ["/genericClass?issuerId=ISSUER&token=%25", 400],
  ])("R021 refuses %s", async (path, status) => {
    const answer = await issuer.call("GET", path.replace("ISSUER", issuer.issuerId));
    expect(answer.status, answer.text).toBe(status);
  });
});

describe("the review of a class", () => {
  const at = () => `/loyaltyClass/${issuer.id("loyalty.class.1")}`;

  it("R021 approves at once, and wants to see every change", async () => {
    const pass = await issued(issuer, "loyalty");
    expect((await issuer.call("GET", at())).body.reviewStatus).toBe("APPROVED");
    expectRefused(await issuer.call("PATCH", at(), { programName: "B" }), 400, "invalid");
    for (const reviewStatus of ["APPROVED", "REJECTED", "DRAFT", "draft"]) {
      expectRefused(await issuer.call("PATCH", at(), { programName: "B", reviewStatus }), 400, "invalid");
      expectRefused(await issuer.call("PUT", at(), { ...pass.class, reviewStatus }), 400, "invalid");
    }
    expect((await issuer.call("GET", at())).body.programName).toBe(pass.class.programName);
    const patched = await issuer.call("PATCH", at(), { programName: "B", reviewStatus: "UNDER_REVIEW" });
    expect(patched.body).toMatchObject({ programName: "B", reviewStatus: "APPROVED" });
  });

  it("R021 gives a draft no objects until it is submitted", async () => {
    const pass = passOf(issuer, "loyalty");
    expect((await issuer.call("POST", "/loyaltyClass", { ...pass.class, reviewStatus: "draft" })).body).toMatchObject({
      reviewStatus: "DRAFT",
    });
    expectRefused(await issuer.call("POST", "/loyaltyObject", pass.object), 400, "invalid");
    expect((await issuer.call("PATCH", at(), { programName: "B" })).body.reviewStatus).toBe("DRAFT");
    expect((await issuer.call("PATCH", at(), { reviewStatus: "underReview" })).body.reviewStatus).toBe("APPROVED");
    expect((await issuer.call("POST", "/loyaltyObject", pass.object)).status).toBe(200);
  });

  it.each(["APPROVED", "REJECTED", "REVIEW_STATUS_UNSPECIFIED"])("R021 refuses a new class as %s", async (status) => {
    const pass = passOf(issuer, "loyalty");
    const answer = await issuer.call("POST", "/loyaltyClass", { ...pass.class, reviewStatus: status });
    expectRefused(answer, 400, "invalid");
  });
});

describe("objects and their class", () => {
  it("R021 need one that is there, of their vertical", async () => {
    const pass = passOf(issuer, "loyalty");
    expectRefused(await issuer.call("POST", "/loyaltyObject", pass.object), 404, "classNotFound");
    const offer = await issued(issuer, "offer");
    const answer = await issuer.call("POST", "/loyaltyObject", { ...pass.object, classId: offer.class.id });
    expectRefused(answer, 400, "invalid");
  });

  it("R021 can move to another", async () => {
    const pass = await issued(issuer, "flight");
    const other = { ...pass.class, id: issuer.id("flight.other") };
    await issuer.call("POST", "/flightClass", other);
    const moved = await issuer.call("PATCH", `/flightObject/${pass.object.id}`, { classId: other.id });
    expect(moved.body.classReference.id).toBe(other.id);
    expect((await issuer.call("GET", `/flightObject?classId=${pass.class.id}`)).body.resources).toEqual([]);
    expect((await issuer.call("GET", `/flightObject?classId=${other.id}`)).body.resources).toHaveLength(1);
  });

  it("R021 are linked to what is there, once for all", async () => {
    const pass = await issued(issuer, "generic");
    const at = `/genericObject/${pass.object.id}`;
    expectRefused(await issuer.call("PATCH", at, { linkedObjectIds: [issuer.id("none")] }), 400, "invalid");
    const offer = await issued(issuer, "offer");
    const coupon = await issued(issuer, "offer", "2");
    await issuer.call("PATCH", at, { linkedObjectIds: [offer.object.id] });
    const patched = await issuer.call("PATCH", at, { linkedObjectIds: [coupon.object.id] });
    expect(patched.body.linkedObjectIds).toEqual([offer.object.id, coupon.object.id]);
  });

  it("R021 are linked to offers in the old way", async () => {
    const loyalty = await issued(issuer, "loyalty");
    const offer = await issued(issuer, "offer");
    const at = `/loyaltyObject/${loyalty.object.id}/modifyLinkedOfferObjects`;
    const change = (ids: Record<string, string[]>) => issuer.call("POST", at, { linkedOfferObjectIds: ids });
    const added = await change({ addLinkedOfferObjectIds: [offer.object.id] });
    expect(added.body.linkedOfferIds).toContain(offer.object.id);
    const removed = await change({ removeLinkedOfferObjectIds: [offer.object.id] });
    expect(removed.body.linkedOfferIds).not.toContain(offer.object.id);
    expectRefused(await change({ addLinkedOfferObjectIds: [loyalty.object.id] }), 404, "resourceNotFound");
  });
});

describe("what is kept", () => {
  it("R021 merges a patch at any depth, replaces arrays, clears what is null", async () => {
    const pass = await issued(issuer, "loyalty");
    const at = `/loyaltyObject/${pass.object.id}`;
    const before = (await issuer.call("GET", at)).body;
    const patched = await issuer.call("PATCH", at, {
      loyaltyPoints: { label: "Stars", balance: { int: 7, string: null, double: null, money: null } },
      barcode: null,
      textModulesData: [{ id: "x", header: "H", body: "B" }],
    });
    expect(patched.status, patched.text).toBe(200);
    expect(patched.body.barcode).toBeUndefined();
    expect(patched.body.loyaltyPoints).toEqual({ ...before.loyaltyPoints, label: "Stars", balance: { int: 7 } });
    expect(patched.body.textModulesData).toEqual([{ id: "x", header: "H", body: "B" }]);
    expect(patched.body.accountId).toBe(before.accountId);
  });

  it("R021 writes old spellings as the API does, also when they are patched", async () => {
    const pass = passOf(issuer, "loyalty");
    await issuer.call("POST", "/loyaltyClass", { ...pass.class, reviewStatus: "underReview" });
    const barcode = { type: "qrCode", value: "1", renderEncoding: "UTF_8" };
    const made = await issuer.call("POST", "/loyaltyObject", { ...pass.object, state: "active", barcode });
    expect(made.body).toMatchObject({ state: "ACTIVE", barcode: { type: "QR_CODE" } });
    const patched = await issuer.call("PATCH", `/loyaltyObject/${pass.object.id}`, { state: "inactive" });
    expect(patched.body).toMatchObject({ state: "INACTIVE" });
  });

  it("R021 takes nothing for members that only Google writes", async () => {
    const pass = passOf(issuer, "loyalty");
    await issuer.call("POST", "/loyaltyClass", { ...pass.class, review: { comments: "fine" } });
    const made = await issuer.call("POST", "/loyaltyObject", {
      ...pass.object,
      hasUsers: true,
      hasLinkedDevice: true,
      classReference: { ...pass.class, programName: "Other" },
    });
    expect(made.status, made.text).toBe(200);
    expect(made.body).toMatchObject({ hasUsers: false, classReference: { programName: pass.class.programName } });
    expect(made.body.classReference.review).toBeUndefined();
    expect(made.body.hasLinkedDevice).toBeUndefined();
  });

  it("R021 keeps no notifyPreference, and knows none of generic passes", async () => {
    const loyalty = await issued(issuer, "loyalty");
    const patched = await issuer.call("PATCH", `/loyaltyObject/${loyalty.object.id}`, {
      accountName: "Ada",
      notifyPreference: "NOTIFY_ON_UPDATE",
    });
    expect(patched.body.accountName).toBe("Ada");
    expect(patched.body.notifyPreference).toBeUndefined();
    const generic = await issued(issuer, "generic");
    const at = `/genericObject/${generic.object.id}`;
    expectRefused(await issuer.call("PATCH", at, { notifyPreference: "NOTIFY_ON_UPDATE" }), 400, "invalid");
  });

  it("R021 wants pictures and callbacks over https", async () => {
    const pass = passOf(issuer, "loyalty");
    const programLogo = { sourceUri: { uri: "http://images.example.com/logo.png" } };
    const refused = await issuer.call("POST", "/loyaltyClass", { ...pass.class, programLogo });
    expectRefused(refused, 400, "invalid");
    expect(refused.body.error.message).toContain("programLogo.sourceUri.uri");
    const callbackOptions = { url: "http://example.com/" };
    expectRefused(await issuer.call("POST", "/loyaltyClass", { ...pass.class, callbackOptions }), 400, "invalid");
  });

  it("R021 takes http where it is reached by it on this machine", async () => {
    const pass = passOf(issuer, "loyalty");
    const body = {
      ...pass.class,
      programLogo: { sourceUri: { uri: "http://localhost:8787/logo.png" } },
      callbackOptions: { url: "http://localhost:8787/callback" },
    };
    const request = (at: string) =>
      new Request(`${at}/simulator/google/walletobjects/v1/loyaltyClass`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${issuer.token}` },
      });
    expect((await issuer.simulator.fetch(request("http://example.com"))).status).toBe(400);
    expect((await issuer.simulator.fetch(request("http://localhost:8787"))).status).toBe(200);
  });

  it("R021 refuses the eleventh message", async () => {
    const pass = await issued(issuer, "generic");
    const at = `/genericObject/${pass.object.id}`;
    await issuer.call("PATCH", at, { messages: Array.from({ length: 10 }, () => ({ header: "a", body: "b" })) });
    expectRefused(await issuer.call("POST", `${at}/addMessage`, { message: { header: "c" } }), 400, "invalid");
    wait();
    expectRefused(await issuer.call("POST", `${at}/addMessage`, {}), 400, "invalid");
    const unsupported = { message: { header: "c", messageType: "EXPIRATION_NOTIFICATION" } };
    expectRefused(await issuer.call("POST", `${at}/addMessage`, unsupported), 400, "invalid");
  });

  it("R021 refuses what is too large or too deep", async () => {
    const pass = passOf(issuer, "generic");
    const large = { ...pass.class, textModulesData: [{ header: "x".repeat(600_000) }] };
    expectRefused(await issuer.call("POST", "/genericClass", large), 413, "uploadTooLarge");
    const deep = `{"id":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expectRefused(await issuer.call("POST", "/genericClass", deep), 400, "parseError");
  });
});

describe("paths", () => {
  it("R021 may end with a slash, as in samples of Google's", async () => {
    const pass = passOf(issuer, "transit");
    expect((await issuer.call("POST", "/transitClass/", pass.class)).status).toBe(200);
    expect((await issuer.call("GET", `/transitClass/${pass.class.id}/`)).body.id).toBe(pass.class.id);
    expectRefused(await issuer.call("GET", `/transitClass/${pass.class.id}//`), 404, "notFound");
  });

  it.each([
    ["DELETE", "/genericClass/1.a"],
    ["GET", "/nothing"],
    ["POST", "/genericClass/1.a/nothing"],
    ["POST", "/genericObject/1.a/modifyLinkedOfferObjects"],
    ["POST", "/constructor"],
    ["PATCH", "/jwt"],
  ])("R021 knows no %s %s", async (method, path) => {
    expectRefused(await issuer.call(method, path), 404, "notFound");
  });
});
