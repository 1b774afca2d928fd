import { decodeJwt, decodeProtectedHeader, exportPKCS8, generateKeyPair, importJWK, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { call, newPass, newTemplate, newTenant } from "../support/api";
import { newIssuerId } from "../support/google-account";
import { cardOf, newGoogle, readPass, save, saveLink, simulator } from "../support/google";

const android =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";

describe("the link to Google Wallet", () => {
  it("R109 R117 makes the pass at Google and leads to a skinny save link", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    expect(pass.links.google).toBe(`${pass.links.page}/google`);
    expect(pass.google).toBeNull();
    const path = await saveLink(pass);
    const jwt = path.split("/").at(-1)!;
    expect(jwt.length).toBeLessThan(900);
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: "RS256", typ: "JWT" });
    const { google } = await readPass(tenant, pass.id);
    expect(decodeJwt(jwt)).toMatchObject({
      aud: "google",
      typ: "savetowallet",
      payload: { loyaltyObjects: [{ id: google.objectId, classId: google.classId }] },
    });
    expect(google).toMatchObject({ status: "synced", syncedVersion: 1, vertical: "loyalty", failure: null });
    expect(google.objectId).toMatch(new RegExp(`^\\d+\\.${pass.id}$`));
    // Whoever has the link can verify it by the account's published key.
    const { clientEmail } = (await tenant.get("/v2/google/account")).body;
    const published = await simulator("GET", `/simulator/google/service_accounts/v1/jwk/${clientEmail}`);
    const [key] = ((await published.json()) as { keys: JsonWebKey[] }).keys;
    const verified = await jwtVerify(jwt, await importJWK(key!, "RS256"), { audience: "google", issuer: clientEmail });
    expect(verified.payload.exp).toBeUndefined();
    expect((await simulator("GET", "/simulator/google/service_accounts/v1/jwk/nobody%ZZ")).status).toBe(404);
    expect(await cardOf(path)).toMatchObject({ saved: false, object: { id: google.objectId, state: "ACTIVE" } });
  });

  it("R109 answers Android with the page and the button of Google Wallet alone", async () => {
    const pass = await newPass(await newTenant());
    const open = (agent: string) =>
      call("GET", new URL(pass.links.page).pathname, { headers: { "user-agent": agent } });
    const { text, status } = await open(android);
    expect(status).toBe(200);
    expect(text).toContain(`href="${pass.links.google}"`);
    expect(text).not.toContain(pass.links.apple);
    const desktop = await open("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36");
    expect(desktop.text).toContain(pass.links.apple);
    expect(desktop.text).toContain(pass.links.google);
  });

  it("makes class and object once, however often and by however many it is opened", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId });
    const open = () => call("GET", new URL(pass.links.google).pathname);
    const answers = await Promise.all(Array.from({ length: 8 }, open));
    for (const { status, headers } of answers) {
      expect([302, 503]).toContain(status);
      if (status === 503) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(answers.some(({ status }) => status === 302)).toBe(true);
    const first = await cardOf(await saveLink(pass));
    const second = await newPass(tenant, { templateId });
    const other = await cardOf(await saveLink(second));
    expect(other.class.id).toBe(first.class.id);
    expect(other.object.id).not.toBe(first.object.id);
  });

  it("puts the whole pass into the link where the account asks for it and it fits", async () => {
    const tenant = await newTenant();
    // Nothing but what a generic pass must have.
    const fields = [{ key: "seat", label: "Seat", type: "text", position: "primary" }];
    const bare = { style: "generic", fields, barcode: undefined, description: "Pass", organizationName: "Acme" };
    const pass = await newPass(tenant, { templateId: await newTemplate(tenant, bare), values: { seat: "1A" } });
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const account = {
      issuerId: newIssuerId(),
      serviceAccount: {
        type: "service_account",
        client_email: `fat@${tenant.code.toLowerCase()}.iam.gserviceaccount.com`,
        private_key: await exportPKCS8(privateKey),
      },
      saveLink: "fat",
    };
    expect((await tenant.put("/v2/google/account", account)).status).toBe(201);
    const path = await saveLink(pass);
    const { payload } = decodeJwt<{ payload: any }>(path.split("/").at(-1)!);
    expect(payload.genericClasses).toHaveLength(1);
    expect(payload.genericObjects[0]).toMatchObject({ cardTitle: expect.anything() });
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "offered", syncedVersion: 1 });
    // Google's callback tells that it has it.
    await save(path);
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 1 });
    // What changes later is sent after it, with its text.
    const google = newGoogle();
    const change = { values: { seat: "2B" }, changeMessage: "Your seat is %@" };
    await tenant.patch(`/v2/passes/${pass.id}`, change, { env: google.env });
    await google.drain();
    const card = await cardOf(path);
    expect(card.saved).toBe(true);
    expect(card.object.textModulesData[0].body).toBe("2B");
    expect(card.notifications.map(({ body }: { body: string }) => body)).toEqual(["Your seat is 2B"]);
    expect((await readPass(tenant, pass.id)).google).toMatchObject({ status: "synced", syncedVersion: 2 });
    // Google has it: the next link only names it.
    expect((await saveLink(pass)).length).toBeLessThan(path.length);
  });

  it("makes nothing at Google for who only looks whether there is something", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    expect((await call("HEAD", new URL(pass.links.google).pathname)).status).toBe(204);
    expect((await call("HEAD", "/p/nobodyknowsthistoken1234/google")).status).toBe(404);
    expect((await readPass(tenant, pass.id)).google).toBeNull();
  });

  it("says that the link is closed once the pass is void", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await tenant.delete(`/v2/passes/${pass.id}`);
    expect((await call("GET", new URL(pass.links.google).pathname)).status).toBe(410);
    expect((await call("GET", "/p/nobodyknowsthistoken1234/google")).status).toBe(404);
  });
});
