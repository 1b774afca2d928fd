import { describe, expect, it } from "vitest";
import { rotatingValue, totp } from "../../src/google-wallet/totp";

/** RFC 6238, appendix B: the secret is the ASCII text 12345678901234567890. */
const keyHex = "3132333435363738393031323334353637383930";

describe("one-time passwords", () => {
  it.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("R021 agree with RFC 6238 at %i seconds", async (seconds, value) => {
    expect(await totp({ keyHex, periodMillis: 30_000, valueLength: 8 }, seconds * 1000)).toBe(value);
  });

  it("R021 hold for one period, in as many digits as are asked for", async () => {
    const parameters = { keyHex, periodMillis: 30_000, valueLength: 6 };
    expect(await totp(parameters, 59_999)).toBe("287082");
    expect(await totp(parameters, 30_000)).toBe("287082");
    expect(await totp(parameters, 60_000)).not.toBe("287082");
    expect(await totp({ ...parameters, valueLength: 12 }, 59_000)).toMatch(/^00\d{10}$/);
  });

  it("R021 need a key in Base16", async () => {
    for (const wrong of ["", "abc", "zz"])
      await expect(totp({ keyHex: wrong, periodMillis: 30_000, valueLength: 8 }, 0)).rejects.toThrow("Base16");
  });
});

describe("the value of a rotating barcode", () => {
  const details = (parameters: { key: string; valueLength: number }[]) => ({
    algorithm: "TOTP_SHA1" as const,
    periodMillis: "30000",
    parameters,
  });

  it("R021 has passwords and times in the places of its pattern", async () => {
    const totpDetails = details([
      { key: keyHex, valueLength: 8 },
      { key: keyHex, valueLength: 6 },
    ]);
    const valuePattern = "A{totp_value_1}B{totp_value_0}C{totp_timestamp_millis}D{totp_timestamp_seconds}";
    expect(await rotatingValue({ valuePattern, totpDetails }, 59_750)).toBe("A287082B94287082C59750D59");
  });

  it("R021 keeps a place that nothing fills", async () => {
    const valuePattern = "{totp_value_0}{totp_value_1}{totp_value_9}";
    const totpDetails = details([
      { key: keyHex, valueLength: 8 },
      { key: "no key", valueLength: 8 },
    ]);
    expect(await rotatingValue({ valuePattern, totpDetails }, 59_000)).toBe("94287082{totp_value_1}{totp_value_9}");
    expect(await rotatingValue({ valuePattern }, 59_000)).toBe(valuePattern);
    expect(await rotatingValue({}, 0)).toBe("");
  });
});
