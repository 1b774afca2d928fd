import { Buffer } from "node:buffer";
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { openSaveKey, readSaveKey, saveKeyAlgorithm } from "../../src/google-wallet/save-key";
import { signFat, signSkinny, type SkinnyInput } from "../../src/google-wallet/save-link";
import { googleVerticals } from "../../src/pass-model/vocabulary";
import { numberOf, numbersOf, pem, pkcs8Of, pkcs8OfNumbers, rsaPair } from "./keys";

const now = Date.parse("2040-01-01T00:00:00.999Z");
let input: SkinnyInput;
let publicKey: KeyObject;
beforeAll(async () => {
  const pair = await rsaPair();
  input = {
    account: { clientEmail: "wallet@shop-1.iam.gserviceaccount.com" },
    key: (await openSaveKey(await pkcs8Of(pair.privateKey))).signingKey,
    vertical: "loyalty",
    object: { id: "3388000000012345678.pass_1", classId: "3388000000012345678.tmpl_1.1.abc" },
    origins: ["https://shop.com"],
    now,
  };
  const spki = Buffer.from((await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer);
  publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
});

/** By node:crypto, not by the library that signed. */
function read(jwt: string, key = publicKey) {
  const [header, payload, signature] = jwt.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature!, "base64url")))
    throw new Error("the signature is wrong");
  const json = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { header: json(header!), claims: json(payload!) };
}

const big = (characters: number) => ({ id: "3388000000012345678.x", text: "x".repeat(characters) });

describe("R109 the JWT of a save link", () => {
  it("names the object, and never ends", async () => {
    expect(read(await signSkinny(input))).toEqual({
      header: { alg: "RS256", typ: "JWT" },
      claims: {
        iss: "wallet@shop-1.iam.gserviceaccount.com",
        aud: "google",
        typ: "savetowallet",
        iat: Date.parse("2040-01-01T00:00:00Z") / 1000,
        payload: { loyaltyObjects: [input.object] },
        origins: ["https://shop.com"],
      },
    });
  });

  it.each(googleVerticals)("has the members of %s", async (vertical) => {
    const fat = { class: { id: "1.c" }, object: { id: "1.o", classId: "1.c" } };
    const whole = read((await signFat({ ...input, vertical, ...fat }))!);
    expect(whole.claims.payload).toEqual({
      [`${vertical}Classes`]: [fat.class],
      [`${vertical}Objects`]: [fat.object],
    });
    const named = read(await signSkinny({ ...input, vertical }));
    expect(named.claims.payload).toEqual({ [`${vertical}Objects`]: [input.object] });
  });

  it("is short enough for mails with ids as long as ours", async () => {
    const id = `3388000000012345678.pass_${"0".repeat(26)}`;
    const classId = `3388000000012345678.tmpl_${"0".repeat(26)}.100.${"0".repeat(16)}`;
    const jwt = await signSkinny({ ...input, object: { id, classId }, origins: [] });
    expect(jwt.length).toBeLessThan(800);
  });

  it("brings class and object along only as long as it fits a link of 1,800 characters", async () => {
    const of = (characters: number) => signFat({ ...input, class: { id: "1.c" }, object: big(characters) });
    let characters = 750;
    let longest = "";
    for (let jwt = await of(characters); jwt !== null; jwt = await of((characters += 1))) longest = jwt;
    expect(longest.length).toBeLessThanOrEqual(1800);
    expect(longest.length).toBeGreaterThan(1800 - 4);
    expect(await of(characters)).toBeNull();
  });

  it("keeps letters of every script", async () => {
    const object = { id: "1.o", classId: "1.c", name: "Ä 漢字 😀" };
    const jwt = await signFat({ ...input, class: { id: "1.c" }, object });
    expect(read(jwt!).claims.payload.loyaltyObjects).toEqual([object]);
  });
});

/** RFC 7515, appendix A.2. */
const rfc = {
  p: "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
  q: "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
  signed:
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
  signature:
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
};

describe("R021 a key", () => {
  it("signs as RFC 7515 does in its appendix A.2", async () => {
    const key = await readSaveKey(pem("PRIVATE KEY", pkcs8OfNumbers(numbersOf(numberOf(rfc.p), numberOf(rfc.q)))));
    if (!key.ok) throw new Error(key.detail);
    const { signingKey } = await openSaveKey(key.pkcs8);
    const signature = await crypto.subtle.sign(saveKeyAlgorithm, signingKey, new TextEncoder().encode(rfc.signed));
    expect(Buffer.from(signature).toString("base64url")).toBe(rfc.signature);
  });
});
