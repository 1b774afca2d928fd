import { describe, expect, it } from "vitest";
import { googleVerticals } from "../../../src/pass-model/vocabulary";
import type { SavedCard } from "../../../src/simulators/google-wallet/contract";
import { faultPage, savePage } from "../../../src/simulators/google-wallet/save-page";
import { cardOf, localized, now } from "./cards";

const actions = { save: "/simulator/google/gp/v/save/x.y.z/save", remove: "/simulator/google/gp/v/save/x.y.z/remove" };

const html = async (card: SavedCard, language = "en") => String(await savePage({ card, language, now, actions }));

describe("the save page of the simulated Google Wallet", () => {
  it("R109 is one document without scripts for each vertical", async () => {
    for (const vertical of googleVerticals) {
      const page = await html(cardOf(vertical));
      expect(page).toMatch(/^<!DOCTYPE html><html lang="en"/);
      expect(page).not.toMatch(/<script|javascript:|\son\w+=|<link/i);
      expect(page.match(/<h1/g)).toHaveLength(1);
      expect(page).toContain("<svg");
      expect(page).toContain("Google Wallet simulator");
    }
  });

  it("R109 posts to save, and when it is saved to remove", async () => {
    const open = await html(cardOf("loyalty"));
    expect(open).toContain(`<form method="post" action="${actions.save}"`);
    expect(open).not.toContain(actions.remove);
    const saved = await html(cardOf("loyalty", { saved: true }));
    expect(saved).toContain(`<form method="post" action="${actions.remove}"`);
    expect(saved).toContain("In the wallet");
  });

  it("R021 cuts the logo to a circle, and draws a letter where there is none", async () => {
    expect(await html(cardOf("generic"))).toContain('class="wlogo" src="https://images.example.com/library.png"');
    expect(await html(cardOf("generic", { object: { logo: {} } }))).toContain('aria-hidden="true">C</span>');
    const wide = { sourceUri: { uri: "https://images.example.com/wide.png" } };
    const page = await html(cardOf("generic", { object: { wideLogo: wide } }));
    expect(page).toContain('src="https://images.example.com/wide.png" alt="City Library"');
    expect(page).not.toContain('class="wcard-issuer"');
  });

  it("R021 shows clearly that a card is no longer active", async () => {
    const page = await html(cardOf("eventTicket", { object: { state: "INACTIVE" } }));
    expect(page).toContain('class="wcard is-inactive"');
    expect(page).toContain(">Inactive</p>");
    expect(await html(cardOf("eventTicket"))).not.toContain('wcard-state"');
  });

  it("R122 shows what the lock screen showed, newest first", async () => {
    const page = await html(
      cardOf("loyalty", {
        notifications: [
          { at: now, cause: "message", header: "Two for one", body: "Today only" },
          { at: now - 60_000, cause: "update", header: "Points", body: "You now have 1,250 points" },
        ],
      }),
    );
    expect(page.indexOf("Two for one")).toBeLessThan(page.indexOf("You now have 1,250 points"));
    expect(page).toContain('datetime="2026-08-20T08:00:00.000Z"');
    expect(await html(cardOf("loyalty"))).toContain("No notification has been shown.");
  });

  it("R260 R261 shows the callbacks and how they were answered", async () => {
    const callback = { at: now, url: "https://passes.example.com/google" } as const;
    const page = await html(
      cardOf("loyalty", {
        callbacks: [
          { ...callback, eventType: "del", status: null },
          { ...callback, eventType: "save", status: 200 },
          { ...callback, eventType: "save", status: 401 },
        ],
      }),
    );
    expect(page).toMatch(/del<\/code> <span class="outcome is-bad">no answer/);
    expect(page).toMatch(/save<\/code> <span class="outcome is-good">answered 200/);
    expect(page).toMatch(/save<\/code> <span class="outcome is-bad">answered 401/);
  });

  it("R065 speaks the reader's language, and writes it from its side", async () => {
    const page = await html(cardOf("eventTicket"), "de");
    expect(page).toContain('<html lang="de" dir="ltr"');
    expect(page).toContain("Nacht der Leuchttürme");
    expect(page).toContain("In der Wallet speichern");
    expect(await html(cardOf("eventTicket"), "ar")).toContain('<html lang="ar" dir="rtl"');
    expect(await html(cardOf("eventTicket"), "ja")).toContain('<html lang="en" dir="ltr"');
  });

  it("R224 writes every value as text, whatever is in it", async () => {
    const hostile = `"><script>alert('x')</script>`;
    const page = await html(
      cardOf("generic", {
        object: {
          id: hostile,
          cardTitle: localized(hostile),
          header: localized(hostile),
          hexBackgroundColor: `red" onload="alert(1)`,
          heroImage: { sourceUri: { uri: `https://x.example/${hostile}` } },
          linksModuleData: { uris: [{ uri: `https://x.example/${hostile}`, description: hostile }] },
          barcode: { type: "QR_CODE", value: hostile, alternateText: hostile },
          textModulesData: [{ id: "x", header: hostile, body: hostile }],
        },
        notifications: [{ at: now, cause: "message", header: hostile, body: hostile }],
        callbacks: [{ at: now, eventType: "save", url: hostile, status: null }],
      }),
    );
    expect(page).not.toContain("<script");
    expect(page).not.toContain('onload="');
    expect(page).toContain("&lt;script&gt;");
  });
});

describe("the page of a link that cannot be saved", () => {
  it("R109 says that something went wrong, and to the developer why", async () => {
    const title = "Something went wrong";
    const page = String(await faultPage({ title, text: "Try again later.", detail: "<b>400</b>" }));
    expect(page).toContain("<h2>Something went wrong</h2>");
    expect(page).toContain("&lt;b&gt;400&lt;/b&gt;");
    expect(String(await faultPage({ title, text: "x" }))).not.toContain("<pre");
  });
});
