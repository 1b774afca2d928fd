import { createPrivateKey } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { openSaveKey } from "../../src/google-wallet/save-key";
import { parseServiceAccount } from "../../src/google-wallet/service-account";
import { almostKey, fingerprintOf, pem, pkcs8Of, pkcs8OfNumbers, pkcs8Pem, rsaPair, serviceAccountFile } from "./keys";

type File = Awaited<ReturnType<typeof serviceAccountFile>>;
let file: File;
beforeAll(async () => {
  file = await serviceAccountFile();
});

async function accept(input: Parameters<typeof parseServiceAccount>[0]) {
  const result = await parseServiceAccount(input);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.account;
}

async function refuse(input: Parameters<typeof parseServiceAccount>[0]) {
  const result = await parseServiceAccount(input);
  if (result.ok) throw new Error("it was accepted");
  return result.issues;
}

const withKey = (private_key: string) => refuse({ ...file, private_key });

describe("R021 the key file of a service account", () => {
  it("is read, and its URLs are not", async () => {
    const account = await accept(file);
    expect(account).toEqual({
      clientEmail: "wallet@shop-1.iam.gserviceaccount.com",
      privateKeyId: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
      privateKeyPkcs8: await pkcs8Of((await rsaPair()).privateKey),
      keyFingerprint: fingerprintOf(file.private_key),
    });
    const { kty, n, e } = (await crypto.subtle.exportKey("jwk", (await rsaPair()).publicKey)) as JsonWebKey;
    expect(await openSaveKey(account.privateKeyPkcs8)).toMatchObject({
      signingKey: { extractable: false, usages: ["sign"] },
      publicKey: { kty, n, e },
      fingerprint: account.keyFingerprint,
    });
  });

  it.each<[string, (file: File) => Parameters<typeof parseServiceAccount>[0]]>([
    ["as text", (given) => JSON.stringify(given)],
    ["as text with line breaks between members", (given) => JSON.stringify(given, null, 2)],
    ["as text whose strings hold line breaks", (given) => JSON.stringify(given, null, 2).replaceAll("\\n", "\n")],
    ["with literal \\n in its key", (given) => ({ ...given, private_key: given.private_key.replaceAll("\n", "\\n") })],
    ["with \\n escaped twice", (given) => ({ ...given, private_key: given.private_key.replaceAll("\n", "\\\\n") })],
    ["with line breaks of Windows", (given) => ({ ...given, private_key: given.private_key.replaceAll("\n", "\r\n") })],
    ["with a key on one line", (given) => ({ ...given, private_key: given.private_key.replaceAll("\n", " ") })],
    ["with members that are newer than this", (given) => ({ ...given, something_else: { deep: [1] } })],
  ])("may come %s", async (_, change) => {
    expect((await accept(change(file))).keyFingerprint).toBe(fingerprintOf(file.private_key));
  });

  it("may lack the id of its key", async () => {
    const { private_key_id: _, ...rest } = file;
    expect((await accept(rest)).privateKeyId).toBeNull();
  });

  it("tells the fingerprints of two keys apart", async () => {
    const other = await serviceAccountFile(await rsaPair("other"));
    expect((await accept(other)).keyFingerprint).not.toBe((await accept(file)).keyFingerprint);
  });
});

describe("R021 what is no such file", () => {
  it.each<[string, unknown, string, string, RegExp]>([
    ["nothing", null, "#/serviceAccount", "invalid_service_account", /Add key/],
    ["a number", 7, "#/serviceAccount", "invalid_service_account", /Add key/],
    ["a list", [], "#/serviceAccount", "invalid_service_account", /Add key/],
    ["no JSON", "{", "#/serviceAccount", "invalid_service_account", /Add key/],
    ["an API key", "AIzaSyA0000000000000000000000000000000", "#/serviceAccount", "invalid_service_account", /Add key/],
    ["no type", {}, "#/serviceAccount/type", "missing_value", /service_account/],
    ["another type", { type: "constructor" }, "#/serviceAccount/type", "wrong_credential_type", /service_account/],
    [
      "a person's credentials",
      { type: "authorized_user", client_id: "1", refresh_token: "r" },
      "#/serviceAccount/type",
      "wrong_credential_type",
      /credentials of a person.*Add key/,
    ],
    [
      "federation",
      { type: "external_account" },
      "#/serviceAccount/type",
      "wrong_credential_type",
      /federation.*Add key/,
    ],
    [
      "a web client",
      { web: { client_id: "1", client_secret: "s" } },
      "#/serviceAccount",
      "wrong_credential_type",
      /OAuth client.*Add key/,
    ],
    [
      "an installed client",
      { installed: { client_id: "1" } },
      "#/serviceAccount",
      "wrong_credential_type",
      /OAuth client.*Add key/,
    ],
  ])("is refused: %s", async (_, input, pointer, code, detail) => {
    expect(await refuse(input as never)).toEqual([{ pointer, code, detail: expect.stringMatching(detail) }]);
  });

  it("is refused with everything that is wrong with it", async () => {
    const issues = await refuse({ ...file, client_email: "wallet", private_key_id: 7, private_key: "x" });
    expect(issues.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["#/serviceAccount/client_email", "invalid_format"],
      ["#/serviceAccount/private_key_id", "wrong_type"],
      ["#/serviceAccount/private_key", "invalid_private_key"],
    ]);
    const missing = await refuse({ type: "service_account" });
    expect(missing.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["#/serviceAccount/client_email", "missing_value"],
      ["#/serviceAccount/private_key", "missing_value"],
    ]);
  });

  it("is refused if its address could be taken for another account's", async () => {
    expect((await refuse({ ...file, client_email: "a@b/c@d" }))[0]!.code).toBe("invalid_format");
  });
});

describe("R021 a key that does not sign", () => {
  it("is refused in PKCS#1, and told how to convert it", async () => {
    const pkcs1 = createPrivateKey(file.private_key).export({ type: "pkcs1", format: "pem" }) as string;
    expect(await withKey(pkcs1)).toEqual([
      {
        pointer: "#/serviceAccount/private_key",
        code: "unsupported_key_type",
        detail: expect.stringMatching(/PKCS#1.*openssl pkcs8 -topk8 -nocrypt/),
      },
    ]);
  });

  it("is refused if it is elliptic, in either form", async () => {
    const pair = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
    ])) as CryptoKeyPair;
    const pkcs8 = await pkcs8Pem(pair.privateKey);
    const sec1 = createPrivateKey(pkcs8).export({ type: "sec1", format: "pem" }) as string;
    for (const key of [pkcs8, sec1]) {
      expect((await withKey(key))[0]).toMatchObject({
        code: "unsupported_key_type",
        detail: expect.stringContaining("elliptic"),
      });
    }
  });

  it("is refused if it is short or long", async () => {
    const short = await pkcs8Pem((await rsaPair("short", 1024)).privateKey);
    expect((await withKey(short))[0]).toMatchObject({ code: "key_too_short", detail: expect.stringContaining("1024") });
    const long = pem("PRIVATE KEY", pkcs8OfNumbers(almostKey(4352)));
    expect((await withKey(long))[0]).toMatchObject({ code: "key_too_long", detail: expect.stringContaining("4352") });
  });

  it.each([
    ["PUBLIC KEY", "unsupported_key_type"],
    ["CERTIFICATE", "unsupported_key_type"],
    ["ENCRYPTED PRIVATE KEY", "unsupported_key_type"],
    ["OPENSSH PRIVATE KEY", "invalid_private_key"],
    ["constructor", "invalid_private_key"],
  ])("is refused if it is a %s", async (label, code) => {
    expect((await withKey(file.private_key.replaceAll("PRIVATE KEY", label)))[0]!.code).toBe(code);
  });

  it("is refused if it is cut, altered or endless, and is not quoted", async () => {
    const lines = file.private_key.split("\n");
    const cut = [...lines.slice(0, 10), ...lines.slice(20)].join("\n");
    const altered = [lines[0], "****", ...lines.slice(2)].join("\n");
    for (const key of [cut, altered, file.private_key.slice(0, 400), "-----BEGIN ".repeat(2000), "A".repeat(100_000)]) {
      const [issue] = await withKey(key);
      expect(issue!.code).toBe("invalid_private_key");
      expect(issue!.detail).not.toContain(lines[12]);
    }
  });

  it("is refused if its halves do not belong together, for another's public modulus would pass for that account", async () => {
    const jwk = (await crypto.subtle.exportKey("jwk", (await rsaPair()).privateKey)) as JsonWebKey;
    const other = (await crypto.subtle.exportKey("jwk", (await rsaPair("other")).privateKey)) as JsonWebKey;
    expect(await accept({ ...file, private_key: pem("PRIVATE KEY", pkcs8OfNumbers(other)) })).toBeTruthy();
    for (const forged of [
      { ...other, n: jwk.n! },
      { ...other, n: jwk.n!, p: jwk.n!, q: "AQ" },
      { ...other, n: jwk.n!, d: "AQ" },
    ]) {
      expect((await withKey(pem("PRIVATE KEY", pkcs8OfNumbers(forged))))[0]!.code).toBe("invalid_private_key");
    }
  });
});
