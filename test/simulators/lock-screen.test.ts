import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/pass-model/resolved-pass";
import { changedFields, lockScreenMessage } from "../../src/simulators/iphone/lock-screen";

const berlin = { locale: "en-GB", timeZone: "Europe/Berlin" };

type Fields = Record<string, JsonObject[]>;
const card = (fields: Fields, style = "storeCard"): JsonObject => ({ [style]: fields });
const field = (key: string, value: string | number, changeMessage?: string, more: JsonObject = {}): JsonObject => ({
  key,
  value,
  ...(changeMessage !== undefined && { changeMessage }),
  ...more,
});

const rules: [string, { before: Fields; after: Fields; shows: string | null }][] = [
  [
    "one changed field with %@ shows its text and value",
    {
      before: { headerFields: [field("points", 10, "You have %@ points")] },
      after: { headerFields: [field("points", 1250, "You have %@ points")] },
      shows: "You have 1,250 points",
    },
  ],
  [
    "%@ is replaced wherever it stands, and a value with a dollar sign comes through",
    {
      before: { headerFields: [field("deal", "a")] },
      after: { headerFields: [field("deal", "$& off", "%@! Really %@.")] },
      shows: "$& off! Really $& off.",
    },
  ],
  [
    "the message of the new pass counts, not that of the old one",
    {
      before: { headerFields: [field("points", 1, "Old %@")] },
      after: { headerFields: [field("points", 2, "New %@")] },
      shows: "New 2",
    },
  ],
  [
    "a field on the back speaks, too",
    {
      before: { backFields: [field("news", "none", "%@")] },
      after: { backFields: [field("news", "We moved", "%@")] },
      shows: "We moved",
    },
  ],
  [
    "a field that moves to another group is the same field",
    {
      before: { headerFields: [field("gate", "A1", "Gate %@")] },
      after: { primaryFields: [field("gate", "A2", "Gate %@")] },
      shows: "Gate A2",
    },
  ],
  [
    "two changed fields with messages collapse into the general alert",
    {
      before: { headerFields: [field("points", 1, "%@ points")], backFields: [field("tier", "Silver", "Now %@")] },
      after: { headerFields: [field("points", 2, "%@ points")], backFields: [field("tier", "Gold", "Now %@")] },
      shows: "Store card changed",
    },
  ],
  [
    "a second changed field without a message stays silent",
    {
      before: { headerFields: [field("points", 1, "%@ points"), field("visits", 1)] },
      after: { headerFields: [field("points", 2, "%@ points"), field("visits", 2)] },
      shows: "2 points",
    },
  ],
  [
    "changed fields without a message show nothing",
    {
      before: { headerFields: [field("points", 1)] },
      after: { headerFields: [field("points", 2)] },
      shows: null,
    },
  ],
  [
    "a message without %@ gives the general alert",
    {
      before: { headerFields: [field("points", 1, "Changed!")] },
      after: { headerFields: [field("points", 2, "Changed!")] },
      shows: "Store card changed",
    },
  ],
  [
    "an unchanged value shows nothing, even if label and message are new",
    {
      before: { headerFields: [field("points", 1, "Old %@", { label: "Points" })] },
      after: { headerFields: [field("points", 1, "New %@", { label: "Stars" })] },
      shows: null,
    },
  ],
  [
    "a field that was not there before has not changed",
    {
      before: { headerFields: [] },
      after: { headerFields: [field("gate", "A1", "Gate %@")] },
      shows: null,
    },
  ],
  [
    "a field that is gone shows nothing",
    {
      before: { headerFields: [field("gate", "A1", "Gate %@")] },
      after: { headerFields: [] },
      shows: null,
    },
  ],
  [
    "a number and the same number as text are different values",
    {
      before: { headerFields: [field("points", 1, "%@")] },
      after: { headerFields: [field("points", "1", "%@")] },
      shows: "1",
    },
  ],
  [
    "money is written in its currency",
    {
      before: { headerFields: [field("balance", 1, "%@ left", { currencyCode: "EUR" })] },
      after: { headerFields: [field("balance", 18.6, "%@ left", { currencyCode: "EUR" })] },
      shows: "€18.60 left",
    },
  ],
  [
    "a fraction is written as a percentage",
    {
      before: { headerFields: [field("off", 0.1, "%@ off", { numberStyle: "PKNumberStylePercent" })] },
      after: { headerFields: [field("off", 0.25, "%@ off", { numberStyle: "PKNumberStylePercent" })] },
      shows: "25% off",
    },
  ],
  [
    "a time is written in the zone of the phone",
    {
      before: { headerFields: [field("at", "2027-06-01T08:00:00Z", "At %@", { timeStyle: "PKDateStyleShort" })] },
      after: { headerFields: [field("at", "2027-06-01T10:30:00Z", "At %@", { timeStyle: "PKDateStyleShort" })] },
      shows: "At 12:30",
    },
  ],
  [
    "with ignoresTimeZone, a time is shown as it is written",
    {
      before: { headerFields: [field("at", "2027-06-01T08:00:00+01:00", "At %@")] },
      after: {
        headerFields: [
          field("at", "2027-06-01T09:15:00+01:00", "At %@", { timeStyle: "PKDateStyleShort", ignoresTimeZone: true }),
        ],
      },
      shows: "At 09:15",
    },
  ],
];

describe("Apple's rule for the lock screen", () => {
  it.each(rules)("R127 %s", (_, { before, after, shows }) => {
    expect(lockScreenMessage(card(before), card(after), berlin)).toBe(shows);
  });

  it.each([
    ["boardingPass", "Boarding pass changed"],
    ["coupon", "Coupon changed"],
    ["eventTicket", "Event ticket changed"],
    ["generic", "Pass changed"],
    ["storeCard", "Store card changed"],
  ])("R127 the general alert of a %s is %s", (style, alert) => {
    const version = (value: number) => card({ headerFields: [field("a", value, "Changed")] }, style);
    expect(lockScreenMessage(version(1), version(2), berlin)).toBe(alert);
  });

  it("names the changed fields, with and without a message", () => {
    const before = card({ headerFields: [field("a", 1)], backFields: [field("b", 1), field("c", 1)] });
    const after = card({ headerFields: [field("a", 2)], backFields: [field("b", 1), field("c", 3)] });
    expect(changedFields(before, after).map(({ key }) => key)).toEqual(["a", "c"]);
  });
});
