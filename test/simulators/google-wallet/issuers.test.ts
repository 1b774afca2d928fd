import { beforeEach, describe, expect, it } from "vitest";
import { expectRefused, newIssuer, newKey, newSimulator, type Issuer } from "./client";
import { issued } from "./passes";

let issuer: Issuer;

beforeEach(async () => {
  issuer = await newIssuer(newSimulator());
});

describe("issuers", () => {
  it("R021 are made, listed, read and changed by their users", async () => {
    const made = await issuer.call("POST", "/issuer", {
      name: "Fern & Finch",
      contactInfo: { email: "a@example.com" },
    });
    expect(made.status, made.text).toBe(200);
    expect(made.body).toEqual({
      issuerId: expect.stringMatching(/^3388\d{15}$/),
      name: "Fern & Finch",
      contactInfo: { email: "a@example.com" },
    });
    const at = `/issuer/${made.body.issuerId}`;
    expect((await issuer.call("GET", at)).body).toEqual(made.body);
    const { resources } = (await issuer.call("GET", "/issuer")).body;
    expect(resources.map(({ issuerId }: any) => issuerId).toSorted()).toEqual(
      [issuer.issuerId, made.body.issuerId].toSorted(),
    );
    const patched = await issuer.call("PATCH", at, { contactInfo: { name: "Ada" } });
    expect(patched.body).toEqual({ ...made.body, contactInfo: { email: "a@example.com", name: "Ada" } });
    const replaced = await issuer.call("PUT", at, { name: "Other", issuerId: made.body.issuerId });
    expect(replaced.body).toEqual({ issuerId: made.body.issuerId, name: "Other" });
    const stranger = await newIssuer(issuer.simulator);
    for (const method of ["GET", "PATCH", "PUT"]) {
      const answer = await stranger.call(method, at, method === "GET" ? undefined : { name: "Mine" });
      expectRefused(answer, 403, "permissionDenied");
    }
  });

  it.each([{ name: 7 }, { title: "x" }, { callbackOptions: { url: "http://example.com" } }])(
    "R021 refuses %j",
    async (body) => {
      expectRefused(await issuer.call("POST", "/issuer", body), 400, "invalid");
      expectRefused(await issuer.call("PATCH", `/issuer/${issuer.issuerId}`, body), 400, "invalid");
    },
  );

  it("R021 tells a stranger nothing of an issuer that is not there", async () => {
    expectRefused(await issuer.call("GET", "/issuer/1"), 403, "permissionDenied");
    expectRefused(await issuer.call("GET", "/permissions/1"), 403, "permissionDenied");
  });
});

const issuersOf = ({ body }: { body: any }): string[] => body.resources.map(({ issuerId }: any) => issuerId);

describe("the number of issuers", () => {
  it("R138 that one account makes is ten", async () => {
    const make = (by: Issuer) => by.call("POST", "/issuer", { name: "One more" });
    for (let count = 0; count < 10; count += 1) expect((await make(issuer)).status).toBe(200);
    const refused = await make(issuer);
    expectRefused(refused, 403, "limitExceeded");
    expect(refused.body.error.message).toContain("simulator's own limit");
    expect((await make(await newIssuer(issuer.simulator))).status).toBe(200);
  });
});

describe("permissions", () => {
  const at = () => `/permissions/${issuer.issuerId}`;
  const owner = () => ({ emailAddress: issuer.email, role: "OWNER" });
  const put = (permissions: object[]) => issuer.call("PUT", at(), { issuerId: issuer.issuerId, permissions });

  it("R021 replace the list of users, and roles count", async () => {
    expect((await issuer.call("GET", at())).body).toEqual({ issuerId: issuer.issuerId, permissions: [owner()] });
    const { object, objectPath } = await issued(issuer, "generic");
    const reader = await newIssuer(issuer.simulator);
    const granted = await put([owner(), { emailAddress: reader.email, role: "reader" }]);
    expect(granted.body.permissions).toContainEqual({ emailAddress: reader.email, role: "READER" });
    const patch = () => reader.call("PATCH", `${objectPath}/${object.id}`, { state: "EXPIRED" });
    expect((await reader.call("GET", `${objectPath}/${object.id}`)).status).toBe(200);
    expectRefused(await patch(), 403, "permissionDenied");
    expectRefused(await reader.call("PUT", at(), { permissions: [] }), 403, "permissionDenied");
    await put([owner(), { emailAddress: reader.email, role: "WRITER" }]);
    expect((await patch()).status).toBe(200);
    await put([owner()]);
    expectRefused(await patch(), 403, "permissionDenied");
  });

  it("R021 leave the key by which an owner is known", async () => {
    await put([owner()]);
    const imposter = await newIssuer(issuer.simulator, { email: issuer.email, key: await newKey() });
    expectRefused(await imposter.call("GET", at()), 403, "permissionDenied");
  });

  it("R274 are the key's that an address first comes with", async () => {
    const { object, objectPath } = await issued(issuer, "generic");
    const email = "partner@tests.iam.gserviceaccount.com";
    const [first, second] = [
      await newIssuer(issuer.simulator, { email, key: await newKey() }),
      await newIssuer(issuer.simulator, { email, key: await newKey() }),
    ];
    await put([owner(), { emailAddress: email, role: "WRITER" }]);
    const read = (by: Issuer) => by.call("GET", `${objectPath}/${object.id}`);
    expect((await read(first)).status).toBe(200);
    expectRefused(await read(second), 403, "permissionDenied");
    expect(issuersOf(await second.call("GET", "/issuer"))).toEqual([second.issuerId]);
    await put([owner(), { emailAddress: email, role: "READER" }]);
    expectRefused(await read(second), 403, "permissionDenied");
    expect((await read(first)).status).toBe(200);
    await put([owner()]);
    await put([owner(), { emailAddress: email, role: "READER" }]);
    expect(issuersOf(await second.call("GET", "/issuer"))).toContain(issuer.issuerId);
    expectRefused(await read(first), 403, "permissionDenied");
  });

  it("R021 refuse a list without an owner, or with what is no user", async () => {
    expectRefused(await put([]), 400, "invalid");
    expectRefused(await put([{ emailAddress: issuer.email, role: "READER" }]), 400, "invalid");
    expectRefused(await put([owner(), { emailAddress: "nobody", role: "READER" }]), 400, "invalid");
    expectRefused(await put([owner(), { emailAddress: "a@example.com" }]), 400, "invalid");
    expectRefused(await put([owner(), { emailAddress: "a@example.com", role: "KING" }]), 400, "invalid");
    const other = await issuer.call("PUT", at(), { issuerId: "1", permissions: [owner()] });
    expectRefused(other, 400, "invalid");
  });
});

describe("Smart Tap and private passes", () => {
  it("R021 hears what a terminal heard", async () => {
    const body = { id: issuer.id("dGVzdA=="), merchantId: "4711", infos: [{ action: "s2ap", value: "1" }] };
    const answer = await issuer.call("POST", "/smartTap", body);
    expect(answer.body).toEqual({ ...body, infos: [{ action: "S2AP", value: "1" }] });
    expectRefused(await issuer.call("POST", "/smartTap", { ...body, merchantId: undefined }), 400, "invalid");
    expectRefused(await issuer.call("POST", "/smartTap", { ...body, id: "x" }), 400, "invalidResource");
    expectRefused(await issuer.call("POST", "/smartTap", { ...body, id: "1.x" }), 403, "permissionDenied");
  });

  it("R021 notes where a private pass can be had anew", async () => {
    const notice = { externalPassId: "1", updateUri: "https://example.com/update", updatedPassJwtSignature: "x" };
    const at = "/privateContent/setPassUpdateNotice";
    expect(await issuer.call("POST", at, notice)).toMatchObject({ status: 200, body: {} });
    for (const name of Object.keys(notice)) {
      expectRefused(await issuer.call("POST", at, { ...notice, [name]: undefined }), 400, "invalid");
    }
    expectRefused(await issuer.call("POST", at, { ...notice, updateUri: "http://example.com" }), 400, "invalid");
  });
});
