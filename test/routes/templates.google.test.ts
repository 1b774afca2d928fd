import { describe, expect, it } from "vitest";
import { newTemplate, newTenant, storeCard, type Answer } from "../support/api";

const lines = (findings: { pointer: string; code: string }[]): string[] =>
  findings.map(({ pointer, code }) => `${pointer} ${code}`);
const refusals = ({ status, body }: Answer): string[] => {
  expect([status, body.code]).toEqual([400, "validation_error"]);
  return lines(body.errors);
};
const warnings = (body: { warnings: { pointer: string; code: string }[] }): string[] =>
  lines(body.warnings).filter((line) => line.includes(" unknown_google_member"));

describe("the google member of a template", () => {
  it("R021 is kept as it was written, with a warning for what Google does not know", async () => {
    const tenant = await newTenant();
    const google = {
      vertical: "loyalty",
      class: { countryCode: "DE", accountIdLabel: "Member", sparkle: true },
      object: { accountId: "{{member}}", loyaltyPoints: { balance: { int: "{{points}}", shine: 1 } } },
    };
    const created = await tenant.post("/v2/templates", storeCard({ google }));
    expect(created.status, created.text).toBe(201);
    expect(created.body.google).toEqual(google);
    const expected = [
      "#/google/class/sparkle unknown_google_member",
      "#/google/object/loyaltyPoints/balance/shine unknown_google_member",
    ];
    expect(warnings(created.body)).toEqual(expected);
    expect(warnings((await tenant.get(`/v2/templates/${created.body.id}`)).body)).toEqual(expected);
  });

  it("R021 is refused with the exact place of each mistake, in a new template and in a changed one", async () => {
    const tenant = await newTenant();
    const google = {
      class: { id: "3388.mine", enableSmartTap: "yes", countryCode: "{{member}}" },
      object: {
        barcode: { type: "QR" },
        heroImage: null,
        merchantLocations: [
          { latitude: 52.5, longitude: 13.4 },
          { latitude: 91, longitude: 13.4 },
        ],
        smartTapRedemptionValue: "{{nobody}}",
      },
    };
    const expected = [
      "#/google/object unknown_placeholder",
      "#/google/class/id modelled_key",
      "#/google/class/enableSmartTap wrong_type",
      "#/google/class/countryCode placeholder_not_allowed",
      "#/google/object/heroImage null_value",
      "#/google/object/barcode/type invalid_value",
      "#/google/object/merchantLocations/1/latitude invalid_value",
    ];
    expect(refusals(await tenant.post("/v2/templates", storeCard({ google })))).toEqual(expected);
    const templateId = await newTemplate(tenant);
    expect(refusals(await tenant.put(`/v2/templates/${templateId}`, storeCard({ google })))).toEqual(expected);
    const stranger = { google: { vertical: "spaceship", card: {} } };
    expect(refusals(await tenant.post("/v2/templates", storeCard(stranger))).sort()).toEqual([
      "#/google/card unknown_member",
      "#/google/vertical invalid_value",
    ]);
  });
});
