import { strFromU8, strToU8, unzipSync, zipSync, type Unzipped } from "fflate";
import { describe, expect, it } from "vitest";
import { generateSandboxKeys, issueAuthorityCertificate } from "../../src/pkpass/sandbox-authority";
import type { PassRefused } from "../../src/simulators/iphone/inspect";
import { call, newPass, newTenant } from "../support/api";
import { change, internet, newLine, newPhone } from "./phone";

const pkpass = "application/vnd.apple.pkpass";
const answer = (bytes: Uint8Array | string, type = pkpass) =>
  new Response(bytes as BodyInit, { headers: { "content-type": type } });

/** Changes the files of a pass on their way. */
const repacked =
  (edit: (files: Unzipped) => Promise<void> | void) => async (_: string, __: string, ask: () => Promise<Response>) => {
    const response = await ask();
    if (!response.headers.get("content-type")?.startsWith(pkpass)) return response;
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    await edit(files);
    return answer(zipSync(files));
  };

async function sha1(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-1", bytes as BufferSource)).toString("hex");
}

const withPoints = (files: Unzipped) => {
  files["pass.json"] = strToU8(strFromU8(files["pass.json"]!).replace('"value":0', '"value":1000000'));
};

type Meddling = (method: string, path: string, ask: () => Promise<Response>) => Promise<Response>;

const refusals: [string, { meddle: Meddling; codes: string[] }][] = [
  [
    "an HTML page",
    { meddle: async () => answer("<!doctype html><p>Your pass", "text/html"), codes: ["media_type_wrong"] },
  ],
  [
    "a pass under the type of a bundle",
    {
      meddle: async (_, __, ask) => answer(await (await ask()).bytes(), "application/vnd.apple.pkpasses"),
      codes: ["media_type_wrong"],
    },
  ],
  ["a page that is called a pass", { meddle: async () => answer("<!doctype html>"), codes: ["unknown_file"] }],
  ["an error of the server", { meddle: async () => new Response("", { status: 500 }), codes: ["unexpected_status"] }],
  [
    "a file that was changed after the manifest was made",
    { meddle: repacked(withPoints), codes: ["manifest_mismatch"] },
  ],
  [
    "a manifest that was changed after it was signed",
    {
      meddle: repacked(async (files) => {
        withPoints(files);
        const manifest = JSON.parse(strFromU8(files["manifest.json"]!));
        manifest["pass.json"] = await sha1(files["pass.json"]!);
        files["manifest.json"] = strToU8(JSON.stringify(manifest));
      }),
      codes: ["signature_digest_mismatch"],
    },
  ],
  [
    "a signature with a changed byte",
    {
      meddle: repacked(({ signature }) => {
        signature![signature!.length - 1]! ^= 1;
      }),
      codes: ["signature_invalid"],
    },
  ],
  [
    "a pass without a signature",
    { meddle: repacked((files) => void delete files.signature), codes: ["signature_missing"] },
  ],
  [
    "a file that no manifest lists",
    { meddle: repacked((files) => void (files["logo.png"] = files["icon.png"]!)), codes: ["file_unlisted"] },
  ],
];

describe("what an iPhone does not install", () => {
  it.each(refusals)("%s", async (_, { meddle, codes }) => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const line = newLine();
    line.meddle = meddle;
    const phone = await newPhone({ fetch: line.fetch });
    const refused: PassRefused = await phone.install(pass.links.page).then(
      () => expect.fail("it was installed"),
      (error) => error,
    );
    expect(refused.faults.map(({ code }) => code)).toEqual(codes);
    for (const { code, seen } of refused.faults) expect(refused.message).toContain(`${code} (${seen})`);
    expect(phone.wallet).toEqual([]);
    expect(line.calls.map(({ method }) => method)).toEqual(["GET"]);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.installs.total).toBe(0);
  });

  it("a pass under an authority that it does not know, even one of the same name", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const keys = await generateSandboxKeys();
    const namesake = await issueAuthorityCertificate(keys.authority, new Date());
    for (const authorities of [[], [namesake]]) {
      const phone = await newPhone({ authorities });
      await expect(phone.install(pass.links.page)).rejects.toThrow(/issuer_|intermediate_/);
      expect(phone.wallet).toEqual([]);
    }
  });

  it("what is behind a closed link", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await tenant.delete(`/v2/passes/${pass.id}`);
    const phone = await newPhone();
    await expect(phone.install(pass.links.page)).rejects.toThrow("unexpected_status (status 410)");
    await expect(phone.install(pass.links.apple)).rejects.toThrow("unexpected_status (status 410)");
  });

  it("anything, while it is offline", async () => {
    const phone = await newPhone({ fetch: () => Promise.reject(new TypeError("no network")) });
    await expect(phone.install("https://api.example.com/p/any")).rejects.toThrow("no_connection");
  });

  it("the page that a browser on another system gets", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const android = (url: string, init: RequestInit = {}) =>
      internet(url, {
        ...init,
        headers: { ...(init.headers as object), "user-agent": "Mozilla/5.0 (Linux; Android 15)" },
      });
    const phone = await newPhone({ fetch: android });
    await expect(phone.install(pass.links.page)).rejects.toThrow("media_type_wrong (text/html");
  });
});

describe("an update that an iPhone does not take", () => {
  it("R127 a spoilt file: the old pass stays, the log says why, and the next poll brings the new one", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    await phone.install(pass.links.page);
    await change(tenant, pass.id, { values: { member: "Ada" } });
    line.meddle = repacked(withPoints);
    expect(await phone.poll()).toMatchObject([{ outcome: "rejected", faults: [{ code: "manifest_mismatch" }] }]);
    expect(phone.wallet[0]!.front.member).toBe("Zoë");
    const { body: logs } = await tenant.get("/v2/apple/logs");
    expect(logs.data.map(({ message }: any) => message)).toEqual(phone.reported);
    expect(phone.reported[0]).toMatch(
      /^\[.+\] Get pass task \(.+\) encountered error: Received invalid pass data \(manifest_mismatch: /,
    );

    line.meddle = null;
    expect(await phone.poll()).toMatchObject([{ outcome: "updated", changed: ["member"] }]);
    expect(phone.wallet[0]!.front.member).toBe("Ada");
  });

  it("another pass, and the same pass with another token: serial number, type and token never change", async () => {
    const tenant = await newTenant();
    const [pass, other] = [await newPass(tenant), await newPass(tenant)];
    const line = newLine();
    const phone = await newPhone({ fetch: line.fetch });
    const { authenticationToken } = (await phone.install(pass.links.page)).pass;
    await change(tenant, pass.id, { values: { member: "Ada" } });
    line.meddle = async (_, path, ask) =>
      path.includes("/v1/passes/") ? answer((await call("GET", new URL(other.links.apple).pathname)).bytes) : ask();
    const [refresh] = await phone.poll();
    expect(refresh).toMatchObject({ outcome: "rejected", changed: [], message: null });
    expect(refresh!.faults.map(({ code, seen }) => `${code}: ${seen}`)).toEqual([
      "identity_changed: another serialNumber",
      "identity_changed: another authenticationToken",
    ]);
    expect(phone.wallet).toMatchObject([
      { serialNumber: pass.id, front: { member: "Zoë" }, pass: { authenticationToken } },
    ]);
    expect(phone.reported.at(-1)).toContain("identity_changed");
  });
});
