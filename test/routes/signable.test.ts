import { describe, expect, it } from "vitest";
import { expireCertificates, newEnrollingPass, takeNfcAway } from "../openapi/producers";
import { call, newTenant, type TestTenant } from "../support/api";
import { applePass, fetchPass, heldPass, passPath, type HeldPass } from "../support/device";

type Json = Record<string, any>;

const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";

/** A pass that needs a certificate with NFC, and a device that holds it. */
async function installed(): Promise<{ tenant: TestTenant; pass: Json; held: HeldPass }> {
  const tenant = await newTenant();
  const id = await newEnrollingPass(tenant);
  const { body: pass } = await tenant.get(`/v2/passes/${id}`);
  return { tenant, pass, held: await heldPass(tenant, id) };
}

const removeCertificate = async (tenant: TestTenant) => {
  const { data } = (await tenant.get("/v2/apple/certificates")).body;
  expect((await tenant.delete(`/v2/apple/certificates/${data[0].passTypeIdentifier}`)).status).toBe(204);
};

interface Case {
  spoil: (tenant: TestTenant) => Promise<unknown>;
  code: string;
  detail: RegExp;
  warning: string;
  /** Who has no certificate has no device either. */
  device: [number, string];
}

const cases: [string, Case][] = [
  [
    "an expired certificate",
    {
      spoil: expireCertificates,
      code: "apple_not_configured",
      detail: /expired at .* import its renewal/,
      warning: "certificate_expired",
      device: [409, "apple_not_configured"],
    },
  ],
  [
    "a removed certificate",
    {
      spoil: removeCertificate,
      code: "apple_not_configured",
      detail: /no Apple certificate/,
      warning: "apple_not_configured",
      device: [401, "device_unauthorized"],
    },
  ],
  [
    "a certificate that lost its NFC right",
    {
      spoil: takeNfcAway,
      code: "nfc_certificate_required",
      detail: /no NFC right/,
      warning: "nfc_certificate_required",
      device: [409, "nfc_certificate_required"],
    },
  ],
];

const signability = ["apple_not_configured", "certificate_expired", "nfc_certificate_required"];
const codesOf = ({ warnings }: Json): string[] =>
  warnings.map(({ code }: Json) => code).filter((code: string) => signability.includes(code));

describe.each(cases)("R127 R128 under %s", (_, { spoil, code, detail, warning, device }) => {
  it("no file is signed, whoever asks, and each answer says why", async () => {
    const { tenant, pass } = await installed();
    await spoil(tenant);
    for (const refused of [
      await tenant.get(`/v2/passes/${pass.id}/pkpass`),
      await tenant.post("/v2/passes/pkpasses", { passIds: [pass.id] }),
      await call("GET", new URL(pass.links.apple).pathname),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([409, code]);
      expect(refused.body.detail).toMatch(detail);
    }
  });

  it("passes carry the warning, the issue's answer and the list like the pass itself", async () => {
    const { tenant, pass } = await installed();
    expect(codesOf(pass)).toEqual([]);
    await spoil(tenant);
    const { body: read } = await tenant.get(`/v2/passes/${pass.id}`);
    expect(codesOf(read)).toEqual([warning]);
    expect(read.links.apple).toBe(warning === "apple_not_configured" ? null : pass.links.apple);
    expect((await tenant.get("/v2/passes")).body.data[0].links).toEqual(read.links);

    const { body: issued } = await tenant.post("/v2/passes", { templateId: pass.templateId });
    expect(codesOf(issued)).toEqual([warning]);
    expect((await tenant.get(`/v2/passes/${issued.id}`)).body).toEqual(issued);
    const { body: changed } = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } });
    expect(codesOf(changed)).toEqual([warning]);
  });

  it("a phone is shown the page, without a button to the file", async () => {
    const { tenant, pass } = await installed();
    const open = () => call("GET", new URL(pass.links.page).pathname, { headers: { "user-agent": safari } });
    expect((await open()).headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    await spoil(tenant);
    const page = await open();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(page.headers.get("vary")?.toLowerCase()).toContain("user-agent");
    expect(page.text).not.toContain(pass.links.apple);
  });

  it("a device that holds the pass is refused, by HEAD as by GET, and enrols nobody", async () => {
    const { tenant, pass, held } = await installed();
    const head = () => call("HEAD", passPath(held), { headers: applePass(held) });
    expect((await head()).status).toBe(200);
    await spoil(tenant);
    const fetched = await fetchPass(held);
    expect([fetched.status, fetched.body.code]).toEqual(device);
    expect((await head()).status).toBe(device[0]);
    const enrolled = await call("POST", `${passPath(held)}/personalize`, {
      headers: applePass(held),
      body: { personalizationToken: "token", requiredPersonalizationInfo: { fullName: "Zoë" } },
    });
    expect([enrolled.status, enrolled.body.code]).toEqual(device);
    const { body } = await tenant.get(`/v2/passes/${pass.id}`);
    expect([body.personalizedAt, body.version]).toEqual([null, 1]);
  });
});
