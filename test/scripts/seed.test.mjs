import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { instantAt } from "../../scripts/seed/dates.mjs";
import { demoTemplates } from "../../scripts/seed/templates.mjs";

/** Points, as in Wallet's table of image sizes; a logo may be smaller than this. */
const sizes = {
  icon: [38, 38],
  logo: [160, 50],
  strip: [375, 144],
  background: [345, 505],
  thumbnail: [90, 90],
  footer: [286, 15],
};
const slotsOfStyle = {
  boardingPass: ["icon", "logo", "footer"],
  coupon: ["icon", "logo", "strip"],
  eventTicket: ["icon", "logo", "background", "thumbnail"],
  generic: ["icon", "logo", "thumbnail"],
  storeCard: ["icon", "logo", "strip"],
};
const densities = { "1x": 1, "2x": 2, "3x": 3 };
const day = 86_400_000;
const now = Date.parse("2026-10-24T21:30:00Z"); // the eve of the change to winter time in Europe
const leapDay = Date.parse("2028-02-28T23:59:59Z");
const demo = demoTemplates({ now });
const later = demoTemplates({ now: leapDay });

/** Chunk types and the size of a PNG; throws where it is none. */
function readPng(bytes) {
  assert.equal(bytes.subarray(0, 8).toString("hex"), "89504e470d0a1a0a");
  const chunks = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    chunks.push(bytes.toString("latin1", at + 4, at + 8));
  }
  return { chunks, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function everyImage() {
  return demo.flatMap(({ template }) =>
    Object.entries(template.images).flatMap(([slot, set]) =>
      Object.entries(set).map(([density, base64]) => ({
        template,
        slot,
        density,
        bytes: Buffer.from(base64, "base64"),
      })),
    ),
  );
}

/** Contrast of two `#rrggbb` after WCAG 2. */
function contrast(first, second) {
  const [high, low] = [first, second]
    .map((hex) => {
      const [r, g, b] = [...Buffer.from(hex.slice(1), "hex")].map((value) => {
        const v = value / 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    })
    .sort((a, b) => b - a);
  return high / low;
}

describe("the pictures of the demo", () => {
  it("are PNGs of three chunks, in Wallet's sizes", () => {
    for (const { template, slot, density, bytes } of everyImage()) {
      const where = `${template.style} ${slot} ${density}`;
      const { chunks, width, height } = readPng(bytes);
      assert.deepEqual([...new Set(chunks)], ["IHDR", "IDAT", "IEND"], where);
      const [wide, high] = sizes[slot].map((points) => points * densities[density]);
      if (slot === "logo") assert.ok(width <= wide && height <= high, where);
      else assert.deepEqual([width, height], [wide, high], where);
    }
  });

  it("come in three densities for each slot of the style", () => {
    for (const { template } of demo) {
      assert.deepEqual(Object.keys(template.images), slotsOfStyle[template.style]);
      for (const set of Object.values(template.images)) assert.deepEqual(Object.keys(set), Object.keys(densities));
    }
  });

  it("are drawn the same each time", () => {
    assert.deepEqual(
      later.map(({ template }) => template.images),
      demo.map(({ template }) => template.images),
    );
  });

  it("weigh at most 180 kB per template", () => {
    for (const { template } of demo) {
      const weight = everyImage()
        .filter((image) => image.template === template)
        .reduce((sum, { bytes }) => sum + bytes.length, 0);
      assert.ok(weight < 180_000, `${template.style}: ${weight}`);
    }
  });
});

describe("the templates of the demo", () => {
  it("cover all five styles", () => {
    assert.deepEqual(demo.map(({ template }) => template.style).sort(), Object.keys(slotsOfStyle));
  });

  it("keep within the number of fields that Wallet shows", () => {
    const most = { header: 3, primary: 1, secondary: 4, auxiliary: 4 };
    for (const { template } of demo) {
      const count = (position) => template.fields.filter((field) => field.position === position).length;
      for (const [position, limit] of Object.entries(most)) {
        const allowed = template.style === "boardingPass" && position === "primary" ? 2 : limit;
        assert.ok(count(position) <= allowed, `${template.style} ${position}`);
      }
      if (["coupon", "storeCard", "generic"].includes(template.style)) {
        assert.ok(count("secondary") + count("auxiliary") <= 4, template.style);
      }
    }
  });

  it("say the new value in every change message", () => {
    const messages = demo.flatMap(({ template }) =>
      template.fields.flatMap(({ changeMessage }) => changeMessage ?? []),
    );
    assert.ok(messages.length > 10);
    for (const message of messages) assert.match(message, /%@/);
  });

  it("are readable: contrast of at least 4.5 to 1", () => {
    for (const { template } of demo) {
      const { background, foreground, label } = template.colors;
      for (const color of [foreground, label])
        assert.ok(contrast(color, background) >= 4.5, `${template.style} ${color}`);
    }
  });

  it("translate only texts that they have", () => {
    for (const { template } of demo) {
      const { localizations, ...design } = template;
      const texts = new Set();
      JSON.stringify(
        { ...design, images: {} },
        (_key, value) => (typeof value === "string" && texts.add(value), value),
      );
      for (const table of Object.values(localizations)) {
        for (const text of Object.keys(table)) assert.ok(texts.has(text), `${template.style}: ${text}`);
      }
    }
  });

  it("refer only to fields that exist", () => {
    for (const { template } of demo) {
      const keys = new Set(template.fields.map(({ key }) => key));
      assert.equal(keys.size, template.fields.length);
      for (const [, key] of JSON.stringify({ ...template, images: {} }).matchAll(/\{\{(\w+)\}\}/g))
        assert.ok(keys.has(key), key);
      const named = [template.expiration?.field, ...(template.relevantDates ?? []).map(({ field }) => field)];
      for (const key of named.filter(Boolean)) assert.ok(keys.has(key), key);
    }
  });
});

describe("the passes of the demo", () => {
  it("bring what is required, and nothing that they may not bring", () => {
    for (const { template, pass } of demo) {
      const own = template.fields.filter((field) => field.value === undefined && field.expression === undefined);
      const keys = own.map(({ key }) => key);
      for (const key of Object.keys(pass.values)) assert.ok(keys.includes(key), key);
      for (const { key } of own.filter(({ required }) => required)) assert.ok(key in pass.values, key);
    }
  });

  it("have dates in the near future, whenever they are made", () => {
    for (const [at, made] of [
      [now, demo],
      [leapDay, later],
    ]) {
      for (const { template, pass } of made) {
        for (const { key } of template.fields.filter(({ type }) => type === "date" || type === "dateTime")) {
          const time = Date.parse(pass.values[key]);
          assert.ok(time > at && time < at + 200 * day, `${key}: ${pass.values[key]}`);
        }
      }
    }
  });

  it("have times with the offset of the place on that day", () => {
    assert.equal(instantAt("2026-07-01", "09:25", "Europe/Berlin"), "2026-07-01T09:25:00+02:00");
    assert.equal(instantAt("2026-10-25", "09:25", "Europe/Berlin"), "2026-10-25T09:25:00+01:00");
    assert.equal(instantAt("2026-03-29", "00:30", "Europe/Berlin"), "2026-03-29T00:30:00+01:00");
    assert.equal(instantAt("2026-01-01", "13:00", "Europe/Lisbon"), "2026-01-01T13:00:00+00:00");
    assert.equal(instantAt("2026-01-01", "13:00", "America/St_Johns"), "2026-01-01T13:00:00-03:30");
  });
});
