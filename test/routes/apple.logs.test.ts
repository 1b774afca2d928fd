import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { publicLimits } from "../../src/services/public-limits";
import { call, newTemplate, newTenant, type TestTenant } from "../support/api";
import { from, limitedEnv, newAddress } from "../support/guards";

/** Passes, and so logs, are there once the tenant has a certificate. */
async function newIssuer(): Promise<TestTenant> {
  const tenant = await newTenant();
  await newTemplate(tenant);
  return tenant;
}

const send = (tenant: { code: string }, body?: unknown, headers: Record<string, string> = {}) =>
  call("POST", `/apple/${tenant.code}/v1/log`, { body, headers });

const messages = async (tenant: TestTenant, query = "?limit=100"): Promise<string[]> =>
  (await tenant.get(`/v2/apple/logs${query}`)).body.data.map(({ message }: { message: string }) => message);

async function stored(): Promise<number> {
  return (await env.DATA_DB.prepare("select count(*) as rows from apple_logs").first<{ rows: number }>())!.rows;
}

describe("POST …/v1/log", { timeout: 20_000 }, () => {
  it("answers 200 to whatever comes, and keeps the texts of what is a log", async () => {
    const tenant = await newIssuer();
    const before = await stored();
    const nothing: [unknown, Record<string, string>?][] = [
      [undefined],
      [""],
      ["{"],
      ["not JSON"],
      ["null"],
      ["[]"],
      ['"logs"'],
      [{}],
      [{ logs: null }],
      [{ logs: "text" }],
      [{ logs: { 0: "text" } }],
      [{ logs: [1, null, {}, [], true, ["text"]] }],
      [{ logs: ["", "  \n "] }],
      [{ log: ["text"] }],
      [`{"logs":${"[".repeat(30_000)}`],
      [`{"logs":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
      [new Uint8Array([0xff, 0xfe, 0x00])],
      [new Uint8Array(65_536)],
      ["logs=text", { "content-type": "application/x-www-form-urlencoded" }],
      ["--x", { "content-type": "multipart/form-data; boundary=x" }],
    ];
    for (const [body, headers] of nothing) {
      const answer = await send(tenant, body, headers);
      expect([answer.status, answer.text], String(body).slice(0, 40)).toEqual([200, ""]);
    }
    expect(await stored()).toBe(before);
    expect((await send(tenant, { logs: ["one", 2, "three"], more: 1 }, { "content-type": "text/plain" })).status).toBe(
      200,
    );
    expect(await messages(tenant)).toEqual(["three", "one"]);
  });

  it("answers 200 to codes of nobody, and keeps nothing", async () => {
    const [withoutPasses, before] = [await newTenant(), await stored()];
    for (const code of [
      withoutPasses.code,
      "00000000",
      "x",
      "%00",
      "a".repeat(500),
      "';--",
      withoutPasses.code.toLowerCase(),
    ]) {
      expect((await send({ code }, { logs: ["x"] })).status, code).toBe(200);
    }
    expect(await stored()).toBe(before);
  });

  it("R127 hears a body of more than 64 KiB out and reads that much of it; only one of more than 1 MiB is refused", async () => {
    const tenant = await newIssuer();
    const before = await stored();
    for (const characters of [65_536, 200_000, 1_000_000]) {
      const answer = await send(tenant, { logs: ["x".repeat(characters)] });
      expect([answer.status, answer.text]).toEqual([200, ""]);
    }
    expect((await send(tenant, new Uint8Array(1024 * 1024).fill(0xff))).status).toBe(200);
    expect(await stored()).toBe(before);
    const answer = await send(tenant, new Uint8Array(1024 * 1024 + 1));
    expect([answer.status, answer.body.code]).toEqual([413, "body_too_large"]);
  });

  it("keeps 20 messages of a call, and 1,000 characters of a message", async () => {
    const tenant = await newIssuer();
    await send(tenant, { logs: Array.from({ length: 500 }, (_, index) => `message ${index}`) });
    expect(await messages(tenant)).toEqual(Array.from({ length: 20 }, (_, index) => `message ${19 - index}`));
    await send(tenant, { logs: ["é".repeat(2_000), "😀".repeat(2_000)] });
    const [faces, accents] = await messages(tenant);
    expect(Array.from(faces!).length).toBe(1_000);
    expect(faces!.isWellFormed()).toBe(true);
    expect(accents).toBe("é".repeat(1_000));
  });

  it("keeps neither control characters nor the tokens of passes", async () => {
    const tenant = await newIssuer();
    const logs = [
      "one\ntwo\r\n\u0000three\u001b[31m",
      "with Authorization: ApplePass vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc and more",
      "applepass   secret",
      `{"pushToken":"\ud800"}`,
    ];
    await send(tenant, JSON.stringify({ logs }));
    expect((await messages(tenant)).toReversed()).toEqual([
      "one two three [31m",
      "with Authorization: ApplePass [redacted] and more",
      "applepass   [redacted]",
      `{"pushToken":"\ufffd"}`,
    ]);
  });

  it("keeps the newest 1,000 of a tenant", async () => {
    const [tenant, other] = [await newIssuer(), await newIssuer()];
    await send(other, { logs: ["of another tenant"] });
    await env.DATA_DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 995)
       insert into apple_logs select ?, i, 'old ' || i, 1000 from n`,
    )
      .bind(tenant.id)
      .run();
    await send(tenant, { logs: Array.from({ length: 20 }, (_, index) => `new ${index}`) });
    const { results } = await env.DATA_DB.prepare(
      "select seq, message from apple_logs where tenant_id = ? order by seq",
    )
      .bind(tenant.id)
      .all<{ seq: number; message: string }>();
    expect(results).toHaveLength(1_000);
    expect(results[0]).toEqual({ seq: 16, message: "old 16" });
    expect(results.at(-1)).toEqual({ seq: 1_015, message: "new 19" });
    expect(await messages(other)).toEqual(["of another tenant"]);
  });

  it("numbers messages of calls that come at once, and loses none", async () => {
    const tenant = await newIssuer();
    await Promise.all(Array.from({ length: 15 }, (_, call) => send(tenant, { logs: [`a${call}`, `b${call}`] })));
    const found = await messages(tenant);
    expect(new Set(found).size).toBe(30);
    const { body } = await tenant.get("/v2/apple/logs?limit=100");
    expect(new Set(body.data.map(({ id }: { id: string }) => id)).size).toBe(30);
  });

  it("takes 60 calls of a tenant per minute, drops the rest, and never says so", async () => {
    const [tenant, other] = [await newIssuer(), await newIssuer()];
    const { perMinute } = publicLimits.deviceLog;
    expect(perMinute).toBe(60);
    const { env } = limitedEnv({ deviceLog: perMinute });
    const complain = (to: TestTenant) => call("POST", `/apple/${to.code}/v1/log`, { body: { logs: ["x"] }, env });
    for (let index = 0; index < 70; index += 1) expect((await complain(tenant)).status).toBe(200);
    expect(await messages(tenant)).toHaveLength(60);
    expect((await complain(other)).status).toBe(200);
    expect(await messages(other)).toHaveLength(1);
  });

  it("R234 one sender that floods a tenant's log is dropped without a word, and keeps no other from being heard", async () => {
    const tenant = await newIssuer();
    const { env } = limitedEnv({ deviceLogNetwork: 2, deviceLog: 4 });
    const complain = (address: string, text: string) =>
      call("POST", `/apple/${tenant.code}/v1/log`, { body: { logs: [text] }, headers: from(address), env });
    const [flooder, other] = [newAddress(), newAddress()];
    for (let index = 0; index < 20; index += 1) expect((await complain(flooder, "flood")).status).toBe(200);
    expect((await complain(other, "heard")).status).toBe(200);
    expect(await messages(tenant)).toEqual(["heard", "flood", "flood"]);
  });
});

describe("GET /v2/apple/logs", { timeout: 20_000 }, () => {
  it("lists newest first, page by page", async () => {
    const tenant = await newIssuer();
    for (let call = 0; call < 3; call += 1) await send(tenant, { logs: [`${call}a`, `${call}b`] });
    const { status, body } = await tenant.get("/v2/apple/logs?limit=4");
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "list", hasMore: true, url: "/v2/apple/logs" });
    expect(body.data.map(({ message }: { message: string }) => message)).toEqual(["2b", "2a", "1b", "1a"]);
    expect(body.data[0]).toEqual({
      object: "appleLog",
      id: expect.stringMatching(/^log_[0-9A-HJKMNP-TV-Z]{26}$/),
      message: "2b",
      createdAt: expect.any(String),
    });
    expect(await messages(tenant, `?startingAfter=${body.data[3].id}`)).toEqual(["0b", "0a"]);
    expect(await messages(tenant, `?endingBefore=${body.data[1].id}`)).toEqual(["2b"]);
  });

  it("refuses cursors of nothing and of others, and keys without the scope", async () => {
    const [tenant, other] = [await newIssuer(), await newIssuer()];
    await send(tenant, { logs: ["x"] });
    await send(other, { logs: ["y"] });
    await env.DATA_DB.prepare("update apple_logs set created_at = created_at + 1 where tenant_id = ?")
      .bind(other.id)
      .run();
    const { id } = (await other.get("/v2/apple/logs")).body.data[0];
    for (const cursor of [id, "x", "log_", "log_00000000000000000000000001", ""]) {
      const answer = await tenant.get(`/v2/apple/logs?startingAfter=${cursor}`);
      expect([answer.status, answer.body.errors?.[0].code], cursor).toEqual([400, "invalid_cursor"]);
    }
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
    expect((await call("GET", "/v2/apple/logs", { token: key.token })).status).toBe(403);
    const { body: reader } = await tenant.post("/v2/api-keys", { name: "Ops", scopes: ["apple:read"] });
    expect((await call("GET", "/v2/apple/logs", { token: reader.token })).body.data).toHaveLength(1);
  });
});
