import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import { runSchedule } from "../../src/schedule";
import { adoptPasses } from "../../src/services/apple/adopt-passes";
import { findIssuer } from "../../src/services/apple/issuer";
import { readImport } from "../../src/services/apple/read-material";
import { newTenant, storeCard, type TestTenant } from "../support/api";
import { fileBytes, fileText } from "../support/apple-files";
import { eventsOf, importInto, liveEnv, newLiveTenant, sandboxCertificate, toBase64 } from "../support/certificates";
import { compareNothing } from "../support/google-account";

const day = 86_400_000;

describe("Apple's intermediate", () => {
  const contextWith = (fetchPublic: ReturnType<typeof buildContext>["fetchPublic"]) => ({
    ...buildContext(liveEnv, "req_test"),
    fetchPublic,
  });
  const material = async () => {
    const input = { certificate: fileText("pass.pem"), privateKey: fileText("pkcs8.pem") };
    return (await readImport(input)).material!;
  };
  const file = (name: "wwdr.pem" | "g3.pem") => ({ ok: true as const, bytes: fileBytes(name), mediaType: null });

  it("is fetched once per deployment, and only the pinned one is kept", async () => {
    await env.CONTROL_DB.prepare("delete from deployment where name = 'apple_intermediate'").run();
    const wrong = vi.fn(async () => file("g3.pem"));
    const refused = await findIssuer(contextWith(wrong), await material());
    expect(refused.unavailable).toContain("pinned by its SHA-256");
    const down = vi.fn(async () => ({ ok: false as const, code: "url_timeout" as const, detail: "too slow" }));
    expect((await findIssuer(contextWith(down), await material())).unavailable).toContain("too slow");
    const right = vi.fn(async () => file("wwdr.pem"));
    for (let round = 0; round < 2; round += 1) {
      const found = await findIssuer(contextWith(right), await material());
      expect(found).toMatchObject({ issues: [], issuer: { subject: { organizationalUnit: "G4" } } });
    }
    expect(right).toHaveBeenCalledTimes(1);
    expect(right).toHaveBeenCalledWith("https://localhost/AppleWWDRCAG4.cer", { bytesMax: 16_384, timeoutMs: 10_000 });
    await env.CONTROL_DB.prepare("delete from deployment where name = 'apple_intermediate'").run();
  });

  it("is not fetched where it would not help", async () => {
    const never = vi.fn(async () => file("wwdr.pem"));
    const under = async (certificate: "underG3.pem" | "selfMade.pem") => {
      const input = { certificate: fileText(certificate), privateKey: fileText("pkcs8.pem") };
      return findIssuer(contextWith(never), (await readImport(input)).material!);
    };
    expect((await under("underG3.pem")).issues.map(({ code }) => code)).toEqual(["issuer_outdated"]);
    expect((await under("selfMade.pem")).issues.map(({ code }) => code)).toEqual(["issuer_not_apple"]);
    expect(never).not.toHaveBeenCalled();
  });
});

describe("warnings of expiry", () => {
  // Cron does other things, too.
  beforeEach(compareNothing);

  async function expiringIn(days: number): Promise<{ tenant: TestTenant; notAfter: number }> {
    const tenant = await newTenant();
    const certificate = await sandboxCertificate(tenant, fileText("pass.csr"), { days });
    const members = { certificate: toBase64(certificate), privateKey: fileText("pkcs8.pem") };
    const { body } = await tenant.post("/v2/apple/certificates", members);
    return { tenant, notAfter: Date.parse(body.notAfter) };
  }
  const daysLeft = async (tenant: TestTenant) =>
    (await eventsOf(tenant, "certificate.expiring")).map(({ data }) => data.daysLeft).toReversed();
  /** As cron does on several machines, and again. */
  async function cronAt(time: number): Promise<void> {
    await Promise.all([runSchedule(env, time), runSchedule(env, time)]);
    await runSchedule(env, time + 1);
  }

  it("come at 60, 30, 7 and 1 days, each once, and then no more", async () => {
    const { tenant, notAfter } = await expiringIn(90);
    await cronAt(notAfter - 60 * day - 1000);
    expect(await daysLeft(tenant)).toEqual([]);
    for (const days of [60, 59.5, 30, 29, 7, 6, 1, 0.5, -1, -400]) await cronAt(notAfter - days * day);
    expect(await daysLeft(tenant)).toEqual([60, 30, 7, 1]);
    const [newest] = await eventsOf(tenant, "certificate.expiring");
    expect(newest).toMatchObject({
      data: { passTypeIdentifier: "pass.com.example.fern", notAfter: new Date(notAfter).toISOString() },
    });
  });

  it("name the nearest threshold only, if cron was late", async () => {
    const { tenant, notAfter } = await expiringIn(90);
    await cronAt(notAfter - 5 * day);
    expect(await daysLeft(tenant)).toEqual([5]);
    await cronAt(notAfter - 1000);
    expect(await daysLeft(tenant)).toEqual([5, 0]);
  });

  it("begin anew with a renewal", async () => {
    const { tenant, notAfter } = await expiringIn(90);
    await cronAt(notAfter - 1 * day);
    const renewed = await sandboxCertificate(tenant, fileText("pass.csr"), { days: 400 });
    const members = { certificate: toBase64(renewed), privateKey: fileText("pkcs8.pem") };
    const { body } = await tenant.post("/v2/apple/certificates", members);
    await cronAt(notAfter - 0.5 * day);
    expect(await daysLeft(tenant)).toEqual([1]);
    await cronAt(Date.parse(body.notAfter) - 60 * day);
    expect(await daysLeft(tenant)).toEqual([1, 60]);
  });

  it("look at nothing that is not due", async () => {
    const { notAfter } = await expiringIn(90);
    await cronAt(notAfter + day);
    const plan = await env.DATA_DB.prepare("explain query plan select * from apple_identities where warn_at <= ?")
      .bind(notAfter)
      .all<{ detail: string }>();
    expect(plan.results.map(({ detail }) => detail).join()).toContain("apple_identities_by_warning");
    const { results } = await env.DATA_DB.prepare(
      "select warn_at from apple_identities where not_after <= ? and warn_at is not null",
    )
      .bind(notAfter)
      .all();
    expect(results).toEqual([]);
  });
});

describe("adoption of passes", () => {
  it("reaches every pass in bounded slices, also those issued while it ran", async () => {
    const tenant = await newLiveTenant();
    const template = await tenant.post("/v2/templates", storeCard());
    const { body: pass } = await tenant.post("/v2/passes", { templateId: template.body.id });
    const copies = (from: number, to: number) =>
      env.DATA_DB.prepare(
        `with recursive n(i) as (select ?2 union all select i + 1 from n where i < ?3)
         insert into passes (tenant_id, id, template_id, template_version, authentication_token, field_values, overrides, version, change, created_at, updated_at, updated_by)
         select tenant_id, printf('pass_%026d', i), template_id, template_version, authentication_token, field_values, overrides, version, change, created_at, updated_at, updated_by
         from passes, n where id = ?1`,
      )
        .bind(pass.id, from, to)
        .run();
    await copies(1, 1200);
    const waiting = async () =>
      (await env.DATA_DB.prepare(
        "select count(*) as rows from passes where tenant_id = ? and pass_type_identifier is null",
      )
        .bind(tenant.id)
        .first<{ rows: number }>())!.rows;
    await importInto(tenant, "pass.pem");
    expect(await waiting()).toBe(701);
    await copies(2001, 2001);
    const ctx = buildContext(liveEnv, "req_test");
    expect(await adoptPasses(ctx)).toBe(3);
    expect(await waiting()).toBe(0);
    expect(await adoptPasses(ctx)).toBe(0);
  });
});
