import { describe, expect, it } from "vitest";
import { fitGoogle, withoutUnknown } from "../../../src/google-wallet/fields/fit";
import { validateGoogle } from "../../../src/google-wallet/fields/validate";

describe("R021 fitGoogle", () => {
  it("leaves right members alone", () => {
    const json = {
      passConstraints: { nfcConstraint: ["BLOCK_PAYMENT"] },
      linksModuleData: { uris: [{ uri: "https://example.com/" }] },
    };
    expect(fitGoogle("OfferObject", json)).toEqual({ value: json, left: [] });
  });

  it("leaves out what Google does not know, at any depth", () => {
    const json = { colour: "red", barcode: { value: "1", size: 4 }, messages: [{ body: "Hi", tone: "warm" }] };
    const { value, left } = fitGoogle("OfferObject", json);
    expect(value).toEqual({ barcode: { value: "1" }, messages: [{ body: "Hi" }] });
    expect(left.map(({ path, code }) => `${path} ${code}`)).toEqual([
      "colour unknown_member",
      "barcode.size unknown_member",
      "messages[0].tone unknown_member",
    ]);
    expect(withoutUnknown("OfferObject", json).value).toEqual(value);
    const lone = { "\ud800": 1, barcode: { "\ud800": 1 } };
    expect(fitGoogle("OfferObject", lone).value).toEqual({ barcode: {} });
  });

  it("turns what placeholders brought into what belongs there", () => {
    const json = {
      accountId: 17,
      loyaltyPoints: { balance: { int: "800" } },
      secondaryLoyaltyPoints: { balance: { money: { micros: 34560000, currencyCode: "EUR" } } },
      merchantLocations: [{ latitude: "52.5", longitude: 13.4 }],
      barcode: { type: "qrCode", value: 4711 },
    };
    const { value, left } = fitGoogle("LoyaltyObject", json);
    expect(left).toEqual([]);
    expect(value).toEqual({
      accountId: "17",
      loyaltyPoints: { balance: { int: 800 } },
      secondaryLoyaltyPoints: { balance: { money: { micros: "34560000", currencyCode: "EUR" } } },
      merchantLocations: [{ latitude: 52.5, longitude: 13.4 }],
      barcode: { type: "QR_CODE", value: "4711" },
    });
    expect(validateGoogle("LoyaltyObject", value, { partial: true })).toEqual([]);
  });

  it("leaves out members that are wrong nevertheless", () => {
    const json = {
      loyaltyPoints: { balance: { int: "many" } },
      heroImage: { sourceUri: { uri: "hero.png" } },
      accountName: "Ada",
    };
    const { value, left } = fitGoogle("LoyaltyObject", json);
    expect(left.map(({ path }) => path)).toEqual(["loyaltyPoints.balance.int", "heroImage.sourceUri.uri"]);
    expect(value).toEqual({ accountName: "Ada" });
  });
});
