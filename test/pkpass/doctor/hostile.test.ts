import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examine } from "../../../src/pkpass/doctor";
import { fileBytes } from "../../support/apple-files";
import { encryptedKey, pkcs12OfKeys, slowEncryption, slowMac } from "../../support/hostile-keys";
import { sandboxAuthority } from "./certificates";
import { examinationOptions, goodJson, makePass, nfc, nfcMaterial } from "./passes";

/** Whatever the bytes, there is an answer, and each finding is whole. */

const options = { ...examinationOptions, authorities: [sandboxAuthority.certificate], password: "geheim" };

async function answers(file: Uint8Array): Promise<void> {
  const { findings } = await examine(file, options);
  for (const { code, severity, seen, why, remedy } of findings) {
    expect([code, severity, seen, why, remedy].every((text) => typeof text === "string" && text !== "")).toBe(true);
  }
}

/** Some bytes changed, and the end perhaps cut off. */
const spoiledCopies = (file: Uint8Array) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
      length: fc.oneof(fc.constant(file.length), fc.nat(file.length)),
    })
    .map(({ changes, length }) => {
      const copy = file.slice();
      for (const [at, byte] of changes) copy[at] = byte;
      return copy.subarray(0, length);
    });

const runs = { numRuns: 150, seed: 4711 };

describe("a hostile file", { timeout: 60_000 }, () => {
  it("R222 that was a pass is examined without an exception", async () => {
    const pass = await makePass({ material: nfcMaterial, json: (json) => (json.nfc = nfc) });
    await fc.assert(fc.asyncProperty(spoiledCopies(pass), answers), runs);
  });

  it.each([
    "modern.p12",
    "unencrypted.p12",
    "legacy.p12",
    "pass.cer",
    "pass.pem",
    "encrypted.der",
    "sec1.der",
  ] as const)("R222 that was %s is examined without an exception", async (name) => {
    await fc.assert(fc.asyncProperty(spoiledCopies(fileBytes(name)), answers), { ...runs, numRuns: 60 });
  });

  it("R222 of any bytes is examined without an exception", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), answers), runs);
    const beginnings = fc.constantFrom(
      [0x50, 0x4b, 3, 4],
      [0x50, 0x4b, 5, 6],
      [0x30, 0x82, 1, 0],
      [0x30, 0x80, 2, 1, 3, 0x30],
    );
    const started = fc
      .tuple(beginnings, fc.uint8Array({ maxLength: 200 }))
      .map(([a, b]) => Uint8Array.from([...a, ...b]));
    await fc.assert(fc.asyncProperty(started, answers), runs);
  });

  it("R222 with any JSON in the place of any member is examined without an exception", async () => {
    const keys = [
      ...Object.keys(goodJson()),
      "nfc",
      "posterGeneric",
      "upcomingPassInformation",
      "featuredActions",
      "stripColor",
    ];
    const places = fc.record({
      key: fc.constantFrom(...keys, "preferredStyleSchemes", "coupon", "eventTicket", "__proto__"),
      value: fc.jsonValue({ maxDepth: 4 }),
      inside: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(places, async ({ key, value, inside }) => {
        const change = (json: any) => {
          const target = inside ? (json.storeCard.headerFields[0] ?? {}) : json;
          Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
        };
        await answers(await makePass({ json: change }));
      }),
      { ...runs, numRuns: 250 },
    );
  });

  it("R222 nested far too deeply is examined without an exception", async () => {
    const deep = `{"userInfo":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    await answers(await makePass({ passJson: new TextEncoder().encode(deep) }));
    await answers(await makePass({ passJson: new TextEncoder().encode("[".repeat(200_000)) }));
    const nested = new Uint8Array(40_000).fill(0x30);
    await answers(await makePass({ sign: async () => nested.map((_, at) => (at % 2 === 0 ? 0x30 : 0x80)) }));
    await answers(nested.map((_, at) => (at % 2 === 0 ? 0x30 : 0x80)));
  });
});

describe("a file that is made to be slow", () => {
  const encoded = (text: string) => new TextEncoder().encode(text);
  const many = (text: string, count: number) => Array(count).fill(text).join(",");
  const head = '"formatVersion":1,"storeCard":';
  const passes: [string, string][] = [
    ["quotes without an end", `{"${'\\"'.repeat(120_000)}`],
    ["fields without members", `{${head}{"backFields":[${many("{}", 80_000)}]}}`],
    [
      "one scheme, over and over",
      `{"eventTicket":{},"preferredStyleSchemes":[${many('"posterEventTicket"', 12_000)}]}`,
    ],
    [
      "messages to be translated",
      `{${head}{"backFields":[${many('{"key":"a","value":"b","changeMessage":"m"}', 5500)}]}}`,
    ],
  ];

  it.each([
    ...Object.entries(slowEncryption).map(([name, encryption]) => [name, encryptedKey(encryption)] as const),
    ["a MAC", slowMac()] as const,
    ["a .p12 of slow keys", pkcs12OfKeys(300, slowEncryption.pbkdf2)] as const,
  ])("R222 a key of minutes of work, %s: is refused before it begins", async (_, file) => {
    await answers(file);
    const { findings } = await examine(file, options);
    expect(["key_unreadable", "pkcs12_unsupported"]).toContain(findings[0]!.code);
  });

  it.each(passes)("R222 %s: takes seconds at most", { timeout: 15_000 }, async (_, text) => {
    const strings = encoded('"m" = "x";\n'.repeat(150_000));
    const file = await makePass({ passJson: encoded(text), files: { "en.lproj/pass.strings": strings } });
    await answers(file);
  });
});
