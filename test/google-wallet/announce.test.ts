import { describe, expect, it } from "vitest";
import { announcementOf } from "../../src/google-wallet/announce";
import type { ResolvedPass } from "../../src/pass-model/resolved-pass";
import { now, resolvedOf, type Sample } from "./designs";

const design: Sample["design"] = {
  style: "storeCard",
  organizationName: "Fern & Finch",
  fields: [
    { key: "points", label: "Points", type: "number", position: "header", changeMessage: "You now have %@ points" },
    {
      key: "balance",
      label: "Balance",
      type: "currency",
      currencyCode: "EUR",
      position: "primary",
      changeMessage: "Your balance is now %@",
    },
    { key: "note", label: "Note", type: "text", position: "back", changeMessage: "News: %@" },
    { key: "visits", label: "Visits", type: "number", position: "back" },
    { key: "closing", label: "Closes", type: "dateTime", position: "back", relative: true, changeMessage: "Closes %@" },
  ],
  localizations: { de: { "You now have %@ points": "Sie haben jetzt %@ Punkte", Spring: "Frühling" } },
};

const american = { locale: "en-US", timeZone: "UTC" };
const pass = (values: Record<string, string | number>) => resolvedOf({ design, values }, {}, american);
const said = (before: ResolvedPass | null, after: ResolvedPass) => announcementOf(before, after, now);

describe("what the lock screen says of a change", () => {
  it("R122 is a line for each changed field, with its value as each language writes it", () => {
    const before = pass({ points: 10, balance: 5, note: "Winter", visits: 1 });
    const text = said(before, pass({ points: 1240, balance: 18.6, note: "Winter", visits: 2 }));
    expect(text).toEqual({
      header: "Fern & Finch",
      localizedHeader: { defaultValue: { language: "en-US", value: "Fern & Finch" } },
      body: "You now have 1,240 points\nYour balance is now €18.60",
      localizedBody: {
        defaultValue: { language: "en-US", value: "You now have 1,240 points\nYour balance is now €18.60" },
        translatedValues: [{ language: "de", value: "Sie haben jetzt 1.240 Punkte\nYour balance is now 18,60\u00a0€" }],
      },
    });
  });

  it("R122 is nothing for a new pass, a pass that is the same, and fields that announce nothing", () => {
    const values = { points: 10, note: "Winter", visits: 1 };
    expect(said(null, pass(values))).toBeNull();
    expect(said(pass(values), pass(values))).toBeNull();
    expect(said(pass(values), pass({ ...values, visits: 2 }))).toBeNull();
  });

  it("R122 tells a value that appears, and is silent about one that goes", () => {
    expect(said(pass({}), pass({ note: "Spring" }))?.body).toBe("News: Spring");
    expect(said(pass({}), pass({ note: "Spring" }))?.localizedBody.translatedValues?.[0]?.value).toBe("News: Frühling");
    expect(said(pass({ note: "Spring" }), pass({}))).toBeNull();
  });

  it("R122 takes a value as it is, and a date absolutely", () => {
    expect(said(pass({}), pass({ note: "$& $1 %@" }))?.body).toBe("News: $& $1 %@");
    expect(said(pass({}), pass({ closing: "2026-05-01T14:00:00Z" }))?.body).toMatch(/^Closes May 1, 2026, 2:00\sPM$/);
  });

  it("R122 is the text of the update where that brought one", () => {
    const after = pass({ points: 20 });
    const announced = after.fields.map((field) => ({ ...field, changeMessage: "Thank you! %@" }));
    expect(said(pass({ points: 10 }), { ...after, fields: announced })?.body).toBe("Thank you! 20");
  });
});
