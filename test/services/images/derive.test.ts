import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { buildContext } from "../../../src/context";
import { tenants } from "../../../src/db/control-schema";
import { runBatch } from "../../../src/db/client";
import { images as imageRows } from "../../../src/db/data-schema";
import type { ImageSlot } from "../../../src/pass-model/vocabulary";
import type { ImageConverter } from "../../../src/providers/images/contract";
import { forTenant, type TenantContext } from "../../../src/services/context";
import { deriveSlot } from "../../../src/services/images/derive";
import { storeTaken } from "../../../src/services/images/store";
import { takeImages, type TakenImage } from "../../../src/services/images/take";
import { newTenant } from "../../support/api";
import { cornersOf, decodePng, uprightCorners } from "../../support/pixels";
import { pictures } from "../../support/pictures";
import { greyPng } from "../../support/png";

async function context(overrides: Partial<TenantContext> = {}): Promise<TenantContext> {
  const { id } = await newTenant();
  const base = buildContext(env, "req_test");
  const [tenant] = await base.control.select().from(tenants).where(eq(tenants.id, id));
  return { ...forTenant(base, tenant!, { type: "system" }), ...overrides };
}

/** Counts what is converted. */
function counted(ctx: TenantContext): { ctx: TenantContext; conversions: () => number } {
  let conversions = 0;
  const images: ImageConverter = {
    toPng: (file, drawing) => {
      conversions += 1;
      return ctx.images!.toPng(file, drawing);
    },
  };
  return { ctx: { ...ctx, images }, conversions: () => conversions };
}

async function taken(ctx: TenantContext, source: string, personal = false): Promise<TakenImage> {
  const { found, issues } = await takeImages(ctx, [{ pointer: "#", source }], { personal });
  expect(issues).toEqual([]);
  return found.get("#")!;
}

/** Width and height by density, with those that are too small. */
async function sizes(ctx: TenantContext, [width, height]: [number, number], slot: ImageSlot) {
  const { pictures: made, tooSmall } = await deriveSlot(ctx, await taken(ctx, greyPng(width, height)), slot, "#");
  const seen = Object.entries(made).map(([density, one]) => [density, `${one.width}×${one.height}`]);
  return { ...Object.fromEntries(seen.toSorted()), tooSmall };
}

describe("R256 the pictures of a slot", () => {
  const tooSmall: string[] = [];
  it.each<[string, ImageSlot, [number, number], object]>([
    ["fill a slot of one size", "icon", [400, 200], { "1x": "38×38", "2x": "76×76", "3x": "114×114", tooSmall }],
    [
      "fit into a slot that is a box",
      "logo",
      [1280, 200],
      { "1x": "160×25", "2x": "320×50", "3x": "480×75", tooSmall },
    ],
    ["fit by their height, too", "logo", [400, 400], { "1x": "50×50", "2x": "100×100", "3x": "150×150", tooSmall }],
    ["leave out what would have to be enlarged", "icon", [80, 80], { "1x": "38×38", "2x": "76×76", tooSmall: ["3x"] }],
    ["leave out even twice", "thumbnail", [90, 60], { "1x": "90×60", tooSmall: ["2x", "3x"] }],
    [
      "are the original where it is too small at all",
      "strip",
      [100, 30],
      { "1x": "100×30", tooSmall: ["1x", "2x", "3x"] },
    ],
    [
      "take an older size for what it is",
      "strip",
      [1125, 369],
      { "1x": "375×123", "2x": "750×246", "3x": "1125×369", tooSmall },
    ],
    ["are never without a pixel", "logo", [4000, 3], { "1x": "160×1", "2x": "320×1", "3x": "480×1", tooSmall }],
    ["may be a map", "venueMap", [1200, 600], { "1x": "375×188", "2x": "750×375", "3x": "1125×563", tooSmall }],
    [
      "are as large as a background",
      "background",
      [2070, 3030],
      { "1x": "345×505", "2x": "690×1010", "3x": "1035×1515", tooSmall },
    ],
  ])("%s", async (_, slot, size, expected) => {
    expect(await sizes(await context(), size, slot)).toEqual(expected);
  });

  it("are made of a JPEG upright, from what was sent", async () => {
    const ctx = await context();
    for (const name of ["jpegOrientation6", "jpegOrientation7"] as const) {
      const { pictures: made, tooSmall: left } = await deriveSlot(ctx, await taken(ctx, pictures[name]), "footer", "#");
      expect([Object.keys(made).toSorted(), left]).toEqual([["1x", "2x"], ["3x"]]);
      expect(made["2x"]).toMatchObject({ width: 45, height: 30, variant: "footer@2x" });
      expect(cornersOf(await decodePng(made["2x"]!.bytes))).toEqual(uprightCorners);
    }
  });

  it("are sharp from an SVG, however small it says it is", async () => {
    const ctx = await context();
    const svg = btoa('<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle r="8"/></svg>');
    const { pictures: made, tooSmall: left } = await deriveSlot(ctx, await taken(ctx, svg), "icon", "#");
    expect([made["3x"]!.width, left]).toEqual([114, []]);
  });

  it("need no converter where the original has the size already", async () => {
    const ctx = await context({ images: null });
    const exact = await deriveSlot(ctx, await taken(ctx, greyPng(38, 38)), "icon", "#");
    expect(exact).toMatchObject({
      pictures: { "1x": { width: 38, variant: null } },
      tooSmall: ["2x", "3x"],
      statements: [],
    });
    const small = await deriveSlot(ctx, await taken(ctx, greyPng(20, 20)), "icon", "#");
    expect(small).toMatchObject({ pictures: { "1x": { width: 20, variant: null } }, tooSmall: ["1x", "2x", "3x"] });
    for (const size of [76, 114, 300]) {
      await expect(deriveSlot(ctx, await taken(ctx, greyPng(size, size)), "icon", "#")).rejects.toMatchObject({
        code: "images_not_configured",
      });
    }
  });

  it("are made once, and made again where they were lost", async () => {
    const { ctx, conversions } = counted(await context());
    const first = await taken(ctx, greyPng(200, 200, 5));
    await storeTaken(ctx, [first]);
    const derived = await deriveSlot(ctx, first, "icon", "#");
    expect([conversions(), derived.statements.length]).toEqual([3, 1]);
    await runBatch(ctx.data, derived.statements);

    const again = await taken(ctx, first.id);
    expect(again).toMatchObject({ isNew: false, variants: { icon: { "3x": { width: 114, height: 114 } } } });
    expect(await deriveSlot(ctx, again, "icon", "#")).toEqual({ ...derived, statements: [] });
    expect(conversions()).toBe(3);

    await ctx.files.delete(`${ctx.tenant.code}/images/${first.id}/icon@2x.png`);
    expect((await deriveSlot(ctx, again, "icon", "#")).pictures).toEqual(derived.pictures);
    expect(conversions()).toBe(4);

    // Another slot is remembered beside the first.
    const logo = await deriveSlot(ctx, again, "logo", "#");
    await runBatch(ctx.data, logo.statements);
    const { variants } = await taken(ctx, first.id);
    expect(Object.keys(variants).toSorted()).toEqual(["icon", "logo"]);
  });

  it("of a person are cached as briefly as the person's picture", async () => {
    const ctx = await context();
    const photo = await taken(ctx, greyPng(200, 200, 6), true);
    await deriveSlot(ctx, photo, "thumbnail", "#");
    const object = await ctx.files.head(`${ctx.tenant.code}/images/${photo.id}/thumbnail@1x.png`);
    expect(object!.httpMetadata).toMatchObject({ contentType: "image/png", cacheControl: "public, max-age=300" });
  });

  it("R222 are refused with the slot where the converter cannot decode the original, or answers another size", async () => {
    const undecodable: ImageConverter = { toPng: () => Promise.resolve({ ok: false, reason: "undecodable" }) };
    const wrongSize: ImageConverter = {
      toPng: () => Promise.resolve({ ok: true, png: Uint8Array.from(atob(greyPng(7, 7)), (c) => c.charCodeAt(0)) }),
    };
    const noPng: ImageConverter = { toPng: () => Promise.resolve({ ok: true, png: new Uint8Array(9) }) };
    for (const images of [undecodable, wrongSize, noPng]) {
      const ctx = await context({ images });
      await expect(
        deriveSlot(ctx, await taken(ctx, greyPng(200, 200)), "icon", "#/overrides/images/icon"),
      ).rejects.toMatchObject({
        code: "validation_error",
        errors: [{ pointer: "#/overrides/images/icon", code: "corrupt_image" }],
      });
    }
  });
});

describe("R055 images from any source", () => {
  it("are read together, each at its pointer, and each only once", async () => {
    let fetched = 0;
    const file = Uint8Array.from(atob(greyPng(3, 3, 1)), (character) => character.charCodeAt(0));
    const ctx = await context({
      fetchPublic: (url) => {
        fetched += 1;
        return Promise.resolve(
          url.endsWith("a.png")
            ? { ok: true, bytes: file, mediaType: null }
            : { ok: false, code: "url_timeout", detail: "too slow" },
        );
      },
    });
    const stored = await taken(ctx, greyPng(4, 4, 2));
    await storeTaken(ctx, [stored]);
    const sources = {
      "#/a": "https://shop.com/a.png",
      "#/b": "https://shop.com/a.png",
      "#/c": greyPng(3, 3, 1),
      "#/d": stored.id,
      "#/e": "https://shop.com/b.png",
      "#/f": "img_00000000000000000000000000",
      "#/g": "?",
      "#/h": pictures.webp,
    };
    const { found, issues } = await takeImages(
      ctx,
      Object.entries(sources).map(([pointer, source]) => ({ pointer, source })),
    );
    expect([...found.keys()]).toEqual(["#/a", "#/b", "#/c", "#/d"]);
    expect(found.get("#/a")).toBe(found.get("#/c"));
    expect(found.get("#/d")).toMatchObject({ id: stored.id, isNew: false, width: 4 });
    expect(issues.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["#/e", "url_timeout"],
      ["#/f", "unknown_image"],
      ["#/g", "not_base64"],
      ["#/h", "unsupported_image"],
    ]);
    expect(fetched).toBe(2);
    // Nothing was stored but what the test stored.
    const { objects } = await ctx.files.list({ prefix: `${ctx.tenant.code}/` });
    expect(objects).toHaveLength(1);
    await storeTaken(ctx, found.values());
    expect(await ctx.data.$count(imageRows, eq(imageRows.tenantId, ctx.tenant.id))).toBe(2);
  });

  it("are known by an id if one of them brings the content", async () => {
    const ctx = await context();
    const { id } = await taken(ctx, pictures.jpegGrey);
    const { found, issues } = await takeImages(ctx, [
      { pointer: "#/a", source: id },
      { pointer: "#/b", source: pictures.jpegGrey },
    ]);
    expect(issues).toEqual([]);
    expect(found.get("#/a")).toMatchObject({ id, isNew: true });
  });

  it("R222 may be ten URLs in one request, which share what may be fetched", async () => {
    const caps: number[] = [];
    const ctx = await context({
      fetchPublic: (_, { bytesMax }) => {
        caps.push(bytesMax);
        return Promise.resolve({ ok: false, code: "url_timeout", detail: "too slow" });
      },
    });
    const urls = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ pointer: `#/${index}`, source: `https://shop.com/${index}` }));
    await takeImages(ctx, urls(1));
    await takeImages(ctx, urls(10));
    expect(caps).toEqual([8_000_000, ...Array.from({ length: 10 }, () => 2_400_000)]);
    const { issues } = await takeImages(ctx, urls(11));
    expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(["too_many_urls"]));
    expect(caps).toHaveLength(11);
  });

  it("tell what is wrong before they tell that nothing can be converted", async () => {
    const ctx = await context({ images: null });
    const both = [
      { pointer: "#/a", source: pictures.jpegGrey },
      { pointer: "#/b", source: pictures.gif },
    ];
    expect((await takeImages(ctx, both)).issues).toMatchObject([{ pointer: "#/b", code: "unsupported_image" }]);
    await expect(takeImages(ctx, both.slice(0, 1))).rejects.toMatchObject({ code: "images_not_configured" });
  });
});
