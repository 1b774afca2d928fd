import { env } from "cloudflare:workers";
import { zlibSync } from "fflate";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parsePng } from "../../src/pkpass/png";
import { call, newPass, newTenant, pixel, storeCard, type Answer, type TestTenant } from "../support/api";
import { withoutImages } from "../support/images";
import { chunk, end, header, join, signature } from "../support/make-png";
import { pictureBytes, pictures, type PictureName } from "../support/pictures";
import { cornersOf, decodePng, uprightCorners } from "../support/pixels";
import { greyPng } from "../support/png";

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#0f0"/></svg>';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

interface RawOptions {
  type?: string;
  query?: string;
  env?: Cloudflare.Env;
}

/** Sends the file as the body, under a content type that says nothing. */
const raw = (
  tenant: TestTenant,
  file: Uint8Array,
  { type = "application/octet-stream", query = "", ...rest }: RawOptions = {},
) => tenant.post(`/v2/images${query}`, file, { headers: { "content-type": type }, ...rest });

const named = (tenant: TestTenant, name: PictureName) => raw(tenant, pictureBytes(name));
const pathOf = (url: string) => new URL(url).pathname;
const served = (url: string, headers: Record<string, string> = {}) => call("GET", pathOf(url), { headers });

const faults = (answer: Answer) => answer.body.errors.map(({ pointer, code }: any) => [pointer, code]);

async function objectsOf(tenant: TestTenant): Promise<string[]> {
  const { objects } = await env.FILES.list({ prefix: `${tenant.code}/images/` });
  return objects.map(({ key }) => key.slice(`${tenant.code}/images/`.length)).toSorted();
}

async function rowsOf(tenant: TestTenant): Promise<number> {
  return (await env.DATA_DB.prepare("select count(*) as n from images where tenant_id = ?")
    .bind(tenant.id)
    .first<number>("n"))!;
}

/** Answers URLs as if they were on the internet. */
function internet(answers: Record<string, () => Response>): void {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    const answer = answers[url as string];
    if (!answer) throw new TypeError("unreachable");
    return answer();
  });
}

afterEach(() => vi.restoreAllMocks());

describe("R055 an image is uploaded", () => {
  it("R055 as the body itself, in base64, as a data URL or by its URL, and is the same image", async () => {
    const tenant = await newTenant();
    const file = fromBase64(greyPng(20, 10, 7));
    const first = await raw(tenant, file, { type: "image/webp" });
    expect(first.status, first.text).toBe(201);
    expect(first.body).toEqual({
      object: "image",
      id: expect.stringMatching(/^img_/),
      url: `https://api.example.com/images/${tenant.code}/${first.body.id}.png`,
      mediaType: "image/png",
      width: 20,
      height: 10,
      bytes: file.length,
      personal: false,
      templateUses: 0,
      passUses: 0,
      variants: [],
      createdAt: expect.any(String),
    });
    internet({
      "https://www.example.com/logo": () => new Response(file, { headers: { "content-type": "text/plain" } }),
    });
    for (const body of [
      { data: greyPng(20, 10, 7) },
      { data: `data:image/jpeg;base64,${greyPng(20, 10, 7)}` },
      { url: "https://www.example.com/logo" },
    ]) {
      const again = await tenant.post("/v2/images", body);
      expect(again.status, again.text).toBe(200);
      expect(again.body).toEqual(first.body);
    }
    expect(await rowsOf(tenant)).toBe(1);
    expect(await objectsOf(tenant)).toEqual([`${first.body.id}.png`]);
    expect((await served(first.body.url)).bytes).toEqual(file);
  });

  it("R055 and can be taken into a template by its id", async () => {
    const tenant = await newTenant();
    const { body: image } = await tenant.post("/v2/images", { data: pixel });
    const template = await tenant.post("/v2/templates", storeCard({ images: { icon: { "1x": image.id } } }));
    expect(template.status, template.text).toBe(201);
    expect((await tenant.get(`/v2/images/${image.id}`)).body.templateUses).toBe(1);
  });

  it("R256 as JPEG: the original is kept, and shown upright as PNG without metadata", async () => {
    const tenant = await newTenant();
    const { status, body, text } = await named(tenant, "jpegOrientation6");
    expect(status, text).toBe(201);
    expect(body).toMatchObject({
      mediaType: "image/jpeg",
      width: 48,
      height: 32,
      bytes: pictureBytes("jpegOrientation6").length,
    });
    expect(await objectsOf(tenant)).toEqual([`${body.id}.png`, `${body.id}/original`]);
    const original = await env.FILES.get(`${tenant.code}/images/${body.id}/original`);
    expect(new Uint8Array(await original!.arrayBuffer())).toEqual(pictureBytes("jpegOrientation6"));
    const { bytes } = await served(body.url);
    expect(cornersOf(await decodePng(bytes))).toEqual(uprightCorners);
    const again = await named(tenant, "jpegOrientation6");
    expect([again.status, again.body.id]).toEqual([200, body.id]);
  });

  it("R256 as JPEG in any orientation that EXIF knows", async () => {
    const tenant = await newTenant();
    for (const orientation of [2, 3, 4, 5, 7, 8] as const) {
      const { body } = await named(tenant, `jpegOrientation${orientation}`);
      const pixels = await decodePng((await served(body.url)).bytes);
      expect([pixels.width, pixels.height, ...cornersOf(pixels)], `${orientation}`).toEqual([
        48,
        32,
        ...uprightCorners,
      ]);
    }
  });

  it("R256 and who took it, and where, is not in the public picture", async () => {
    const { body } = await named(await newTenant(), "jpegWithExif");
    const { text } = await served(body.url);
    expect(text).not.toMatch(/Zoe Example|Example Camera|GPS|Exif/);
  });

  it("R256 as SVG, which is drawn large", async () => {
    const tenant = await newTenant();
    const { status, body, text } = await raw(tenant, bytesOf(svg));
    expect(status, text).toBe(201);
    expect(body).toMatchObject({ mediaType: "image/svg+xml", width: 2048, height: 1024, bytes: svg.length });
    const pixels = await decodePng((await served(body.url)).bytes);
    expect([pixels.width, pixels.height, ...pixels.at(9, 9).slice(0, 3)]).toEqual([2048, 1024, 0, 255, 0]);
  });

  it("R256 and shown with at most 2,048 pixels on its longer side, if it is no PNG", async () => {
    const tenant = await newTenant();
    const large = new Blob([fromBase64(greyPng(3000, 1000, 90))]).stream();
    const jpeg = await (await env.IMAGES.input(large).output({ format: "image/jpeg" })).response().bytes();
    const { body } = await raw(tenant, jpeg);
    expect(body).toMatchObject({ width: 3000, height: 1000 });
    expect(parsePng((await served(body.url)).bytes)).toMatchObject({ png: { width: 2048, height: 683 } });
    const png = await raw(tenant, fromBase64(greyPng(3000, 1000, 90)));
    expect(parsePng((await served(png.body.url)).bytes)).toMatchObject({ png: { width: 3000, height: 1000 } });
  });

  it("R256 from noise, which no PNG compresses, too", { timeout: 60_000 }, async () => {
    const tenant = await newTenant();
    const jpeg = await noise(2500, "image/jpeg");
    expect(jpeg.length).toBeLessThan(8_000_000);
    const { status, body, text } = await raw(tenant, jpeg);
    expect(status, text).toBe(201);
    expect(body).toMatchObject({ width: 2500, height: 2500 });
    const { bytes } = await served(body.url);
    expect(bytes.length).toBeLessThanOrEqual(8_000_000);
    expect(parsePng(bytes)).toMatchObject({ png: { width: 1400, height: 1400 } });
    const template = await tenant.post("/v2/templates", storeCard({ images: { icon: body.id, background: body.id } }));
    expect(template.status, template.text).toBe(201);
  });

  it("R222 a PNG that must be drawn anew is refused where the converter cannot read it, and not shown as it is", async () => {
    const tenant = await newTenant();
    const converter = (code: number) => ({
      ...env,
      IMAGES: {
        input: () => {
          throw Object.assign(new Error("no"), { code });
        },
      },
    });
    for (const name of ["pngDisplayP3", "pngOrientation6"] as const) {
      const broken = converter(9412) as unknown as Cloudflare.Env;
      expect(faults(await raw(tenant, pictureBytes(name), { env: broken }))).toEqual([["#", "corrupt_image"]]);
      const away = converter(9422) as unknown as Cloudflare.Env;
      expect((await raw(tenant, pictureBytes(name), { env: away })).body.code).toBe("images_not_configured");
    }
    expect([await rowsOf(tenant), await objectsOf(tenant)]).toEqual([0, []]);
  });

  it("R256 a PNG's profile becomes sRGB and its orientation upright; without the binding they are taken out", async () => {
    const tenant = await newTenant();
    for (const name of ["pngOrientation6", "pngOrientation7"] as const) {
      const { body } = await named(tenant, name);
      expect(body).toMatchObject({ mediaType: "image/png", width: 48, height: 32 });
      expect(cornersOf(await decodePng((await served(body.url)).bytes))).toEqual(uprightCorners);
      expect((await named(tenant, name)).status).toBe(200);
    }
    const { body } = await named(tenant, "pngDisplayP3");
    const [red, green, blue] = (await decodePng((await served(body.url)).bytes)).at(8, 8);
    expect([Math.abs(red! - 240) < 6, Math.abs(green! - 120) < 6, Math.abs(blue! - 30) < 12]).toEqual([
      true,
      true,
      true,
    ]);
    const other = await newTenant();
    const stripped = await raw(other, pictureBytes("pngOrientation6"), { env: withoutImages() });
    expect([stripped.status, stripped.body.width, stripped.body.height]).toEqual([201, 32, 48]);
    expect((await served(stripped.body.url)).text).not.toMatch(/eXIf|iCCP/);
  });

  it("is another image in another tenant, at a path that nobody can guess", async () => {
    const [one, other] = await Promise.all([newTenant(), newTenant()]);
    const [first, second] = [
      await one.post("/v2/images", { data: pixel }),
      await other.post("/v2/images", { data: pixel }),
    ];
    expect(first.body.id).not.toBe(second.body.id);
    expect((await call("GET", `/images/${other.code}/${first.body.id}.png`)).status).toBe(404);
    expect((await other.get(`/v2/images/${first.body.id}`)).status).toBe(404);
    expect((await other.delete(`/v2/images/${first.body.id}`)).status).toBe(404);
    expect((await served(first.body.url)).status).toBe(200);
  });
});

describe("R222 an upload is refused", () => {
  it.each<[string, Uint8Array, string]>([
    ["a WebP file", pictureBytes("webp"), "unsupported_image"],
    ["a GIF file", pictureBytes("gif"), "unsupported_image"],
    ["an AVIF file", pictureBytes("avif"), "unsupported_image"],
    ["a TIFF file", pictureBytes("tiff"), "unsupported_image"],
    ["a PDF under the name of a PNG", bytesOf("%PDF-1.7"), "unsupported_image"],
    ["text", bytesOf("hello"), "unsupported_image"],
    ["a JPEG without its end", pictureBytes("jpegBaseline").slice(0, -2), "corrupt_image"],
    ["a JPEG whose data stops", withoutScanData(pictureBytes("jpegOrientation1")), "corrupt_image"],
    ["half a PNG", pictureBytes("pngPalette").slice(0, 100), "corrupt_image"],
    ["a PNG of too many pixels", fromBase64(greyPng(8193, 1)), "image_too_many_pixels"],
    ["a file of more than 8 MB", new Uint8Array(8_000_001), "image_too_large"],
    ["an SVG with a script", bytesOf(svg.replace("<rect", "<script/><rect")), "svg_not_allowed"],
    ["an SVG that is cut off", bytesOf(svg.slice(0, -5)), "corrupt_image"],
    ["an SVG that cannot be drawn", bytesOf(svg.replace("<rect", "<x:y/><rect")), "svg_not_rendered"],
  ])("R222 if it is %s, and nothing is stored", async (_, file, code) => {
    const tenant = await newTenant();
    const answer = await raw(tenant, file, { type: "image/png" });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe("validation_error");
    expect(faults(answer)).toEqual([["#", code]]);
    expect(answer.body.errors[0].detail).toMatch(/.{15,}/);
    expect([await rowsOf(tenant), await objectsOf(tenant)]).toEqual([0, []]);
  });

  it("R222 with the pointer of what is wrong", async () => {
    const tenant = await newTenant();
    internet({
      "https://www.example.com/page": () => new Response("<!doctype html>"),
      "https://www.example.com/gone": () => new Response("", { status: 404 }),
      "https://www.example.com/large": () => new Response(new Uint8Array(8_000_001)),
      "https://www.example.com/inside": () =>
        new Response("", { status: 302, headers: { location: "http://169.254.169.254/" } }),
    });
    for (const [body, fault] of [
      [{ data: "not base64!" }, ["#/data", "not_base64"]],
      [{ data: pictures.gif }, ["#/data", "unsupported_image"]],
      [{ data: "https://www.example.com/page" }, ["#/data", "not_base64"]],
      [{ url: "https://www.example.com/page" }, ["#/url", "unsupported_image"]],
      [{ url: "https://www.example.com/gone" }, ["#/url", "url_unreachable"]],
      [{ url: "https://www.example.com/none" }, ["#/url", "url_unreachable"]],
      [{ url: "https://www.example.com/large" }, ["#/url", "url_too_large"]],
      [{ url: "https://www.example.com/inside" }, ["#/url", "url_not_allowed"]],
      [{ url: "http://www.example.com/logo" }, ["#/url", "url_not_allowed"]],
      [{ url: "https://localhost/logo" }, ["#/url", "url_not_allowed"]],
      [{ url: "logo.png" }, ["#/url", "url_not_allowed"]],
      [{ data: pixel, url: "https://www.example.com/page" }, ["#", "invalid_value"]],
      [{}, ["#", "invalid_value"]],
      [{ data: "" }, ["#/data", "too_small"]],
      [{ data: 7 }, ["#/data", "wrong_type"]],
      [{ data: pixel, personal: "yes" }, ["#/personal", "wrong_type"]],
      [{ data: pixel, name: "logo" }, ["#/name", "unknown_member"]],
    ] as const) {
      const answer = await tenant.post("/v2/images", body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(faults(answer), JSON.stringify(body)).toEqual([fault]);
    }
    expect(await rowsOf(tenant)).toBe(0);
  });

  it("R222 without a body, as a form, or larger than 12 MiB", async () => {
    const tenant = await newTenant();
    expect(faults(await raw(tenant, new Uint8Array(0)))).toEqual([["#", "empty_body"]]);
    expect((await raw(tenant, bytesOf("--x--"), { type: "multipart/form-data; boundary=x" })).status).toBe(415);
    expect((await raw(tenant, new Uint8Array(12 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await raw(tenant, pictureBytes("jpegGrey"), { query: "?personal=maybe" })).status).toBe(400);
  });

  it("R222 with 409 where it would have to be converted and cannot be", async () => {
    const tenant = await newTenant();
    const failing = {
      ...env,
      IMAGES: {
        input: () => {
          throw Object.assign(new Error("quota"), { code: 9422 });
        },
      },
    };
    for (const bindings of [withoutImages(), failing as unknown as Cloudflare.Env]) {
      for (const file of [pictureBytes("jpegBaseline"), bytesOf(svg)]) {
        const answer = await raw(tenant, file, { env: bindings });
        expect([answer.status, answer.body.code]).toEqual([409, "images_not_configured"]);
      }
      // What is at fault anyway is told as such.
      expect(faults(await raw(tenant, pictureBytes("gif"), { env: bindings }))).toEqual([["#", "unsupported_image"]]);
    }
    expect((await raw(tenant, pictureBytes("pngGrey"), { env: withoutImages() })).status).toBe(201);
  });

  it("R206 without the scope", async () => {
    const tenant = await newTenant();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Reader", scopes: ["images:read"] });
    const { body: image } = await tenant.post("/v2/images", { data: pixel });
    for (const [method, path] of [
      ["POST", "/v2/images"],
      ["DELETE", `/v2/images/${image.id}`],
    ] as const) {
      const answer = await call(method, path, {
        token: key.token,
        ...(method === "POST" && { body: { data: pixel } }),
      });
      expect([answer.status, answer.body.requiredScopes]).toEqual([403, ["images:write"]]);
    }
    expect((await call("GET", `/v2/images/${image.id}`, { token: key.token })).status).toBe(200);
  });
});

describe("the library", () => {
  it("lists images page by page, each once", async () => {
    const tenant = await newTenant();
    const ids: string[] = [];
    for (const shade of [1, 2, 3, 4, 5])
      ids.push((await tenant.post("/v2/images", { data: greyPng(2, 2, shade) })).body.id);
    const seen: string[] = [];
    for (let path: string | undefined = "/v2/images?limit=2"; path;) {
      const { body, headers }: Answer = await tenant.get(path);
      seen.push(...body.data.map(({ id }: any) => id));
      const next: string | undefined = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
      path = next && next.replace("https://api.example.com", "");
    }
    expect(seen).toEqual(ids.toSorted());
  });

  it("R047 deletes what nothing shows, with all that was made of it", async () => {
    const tenant = await newTenant();
    const { body: image } = await named(tenant, "jpegBaseline");
    await env.FILES.put(`${tenant.code}/images/${image.id}/icon@1x.png`, "variant");
    const other = await tenant.post("/v2/images", { data: pixel });
    expect((await tenant.delete(`/v2/images/${image.id}`)).status).toBe(204);
    expect(await objectsOf(tenant)).toEqual([`${other.body.id}.png`]);
    expect((await served(image.url)).status).toBe(404);
    expect((await tenant.get(`/v2/images/${image.id}`)).status).toBe(404);
    expect((await tenant.delete(`/v2/images/${image.id}`)).status).toBe(404);
    // The same file is a new image again.
    const again = await named(tenant, "jpegBaseline");
    expect([again.status, again.body.id]).toEqual([201, image.id]);
    expect((await served(image.url)).status).toBe(200);
  });

  it("R047 does not delete what a template shows", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const { body: page } = await tenant.get("/v2/images");
    const [image] = page.data;
    const refused = await tenant.delete(`/v2/images/${image.id}`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "image_in_use", templateUses: 1, passUses: 0 });
    expect((await served(image.url)).status).toBe(200);
    expect((await tenant.get(`/v2/passes/${pass.id}/pkpass`)).status).toBe(200);
  });

  it("finishes a deletion that broke off after its row", async () => {
    const tenant = await newTenant();
    const { body: image } = await named(tenant, "jpegBaseline");
    const broken = {
      ...env,
      FILES: new Proxy(env.FILES, {
        get: () => () => {
          throw new Error("R2 is away");
        },
      }),
    };
    expect((await tenant.delete(`/v2/images/${image.id}`, { env: broken as Cloudflare.Env })).status).toBe(500);
    expect(await objectsOf(tenant)).not.toEqual([]);
    expect((await tenant.delete(`/v2/images/${image.id}`)).status).toBe(404);
    expect(await objectsOf(tenant)).toEqual([]);
  });

  it("heals an image whose objects were lost when it is sent again", async () => {
    const tenant = await newTenant();
    const { body: image } = await named(tenant, "jpegBaseline");
    await env.FILES.delete(`${tenant.code}/images/${image.id}.png`);
    expect((await served(image.url)).status).toBe(404);
    expect((await named(tenant, "jpegBaseline")).body.id).toBe(image.id);
    expect((await served(image.url)).status).toBe(200);
    expect(await rowsOf(tenant)).toBe(1);
  });
});

describe("R251 a public picture", () => {
  it("R251 may be kept for ever, and by a CDN; one of a person for five minutes", async () => {
    const tenant = await newTenant();
    const cases = [
      [await tenant.post("/v2/images", { data: greyPng(2, 2, 1) }), false],
      [await tenant.post("/v2/images", { data: greyPng(2, 2, 2), personal: true }), true],
      [await raw(tenant, pictureBytes("jpegGrey"), { query: "?personal=true" }), true],
      [await raw(tenant, pictureBytes("pngGrey"), { query: "?personal=false" }), false],
      // Its first upload decides.
      [await tenant.post("/v2/images", { data: greyPng(2, 2, 1), personal: true }), false],
    ] as const;
    for (const [{ body }, personal] of cases) {
      expect(body.personal).toBe(personal);
      const { headers } = await served(body.url);
      expect(headers.get("cache-control")).toBe(
        personal ? "public, max-age=300" : "public, max-age=31536000, immutable",
      );
      expect(headers.get("content-type")).toBe("image/png");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("R251 is not sent again to who has it, and HEAD tells its size", async () => {
    const { body } = await (await newTenant()).post("/v2/images", { data: pixel });
    const { headers, bytes } = await served(body.url);
    const etag = headers.get("etag")!;
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await served(body.url, { "if-none-match": tag });
      expect([answer.status, answer.bytes.length, answer.headers.get("etag")], tag).toEqual([304, 0, etag]);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
    for (const tag of ['"other"', "", "x", etag.slice(1)]) {
      expect((await served(body.url, { "if-none-match": tag })).status, tag).toBe(200);
    }
    const head = await call("HEAD", pathOf(body.url));
    expect([head.status, head.headers.get("content-length"), head.bytes.length]).toEqual([200, `${bytes.length}`, 0]);
  });

  it("R251 costs one call to R2, whether the caller has it or not", async () => {
    const { body } = await (await newTenant()).post("/v2/images", { data: pixel });
    const calls: string[] = [];
    const FILES = new Proxy(env.FILES, {
      get(files, member: keyof R2Bucket) {
        calls.push(member);
        return files[member].bind(files);
      },
    });
    const bindings = { ...env, FILES } as Cloudflare.Env;
    const etag = (await served(body.url)).headers.get("etag")!;
    for (const [method, tag, status] of [
      ["GET", "", 200],
      ["GET", etag, 304],
      ["GET", '"other"', 200],
      ["HEAD", etag, 304],
      ["HEAD", '"other"', 200],
    ] as const) {
      const answer = await call(method, pathOf(body.url), { headers: { "if-none-match": tag }, env: bindings });
      expect(answer.status).toBe(status);
      expect(calls.splice(0)).toEqual([method === "GET" ? "get" : "head"]);
    }
  });

  it("R251 is served without a read of any database", async () => {
    const { body } = await (await newTenant()).post("/v2/images", { data: pixel });
    const broken = new Proxy(
      {},
      {
        get: () => () => {
          throw new Error("no database");
        },
      },
    );
    const bindings = { ...env, CONTROL_DB: broken, DATA_DB: broken } as unknown as Cloudflare.Env;
    expect((await call("GET", pathOf(body.url), { env: bindings })).status).toBe(200);
  });

  it("R256 is there for each slot and density that was made of it", async () => {
    const tenant = await newTenant();
    const template = await tenant.post("/v2/templates", storeCard({ images: { icon: greyPng(120, 120, 9) } }));
    expect(template.status, template.text).toBe(201);
    const { body } = await tenant.get(`/v2/images/${template.body.images.icon}`);
    expect(body.variants.map(({ slot, density, width, height }: any) => [slot, density, width, height])).toEqual([
      ["icon", "1x", 38, 38],
      ["icon", "2x", 76, 76],
      ["icon", "3x", 114, 114],
    ]);
    for (const { url, width, height } of body.variants) {
      const { status, bytes, headers } = await served(url);
      expect(status).toBe(200);
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(parsePng(bytes)).toMatchObject({ png: { width, height } });
    }
    for (const path of [
      `${body.id}/icon@4x.png`,
      `${body.id}/original`,
      `${body.id}/logo@1x.png`,
      `${body.id}/original.png`,
    ]) {
      expect((await call("GET", `/images/${tenant.code}/${path}`)).status, path).toBe(404);
    }
  });
});

/** A square of random colours. */
async function noise(pixels: number, format: "image/jpeg" | "image/png"): Promise<Uint8Array> {
  const rows = new Uint8Array(pixels * (1 + 3 * pixels));
  for (let at = 0; at < rows.length; at += 65_536) crypto.getRandomValues(rows.subarray(at, at + 65_536));
  for (let row = 0; row < pixels; row += 1) rows[row * (1 + 3 * pixels)] = 0;
  const png = join(
    signature,
    header(pixels, pixels, [8, 2, 0, 0, 0]),
    chunk("IDAT", zlibSync(rows, { level: 0 })),
    end,
  );
  const drawn = await env.IMAGES.input(new Blob([png]).stream()).output({ format, quality: 40 });
  return drawn.response().bytes();
}

/** Its headers and its end, with next to nothing in between. */
function withoutScanData(jpeg: Uint8Array): Uint8Array {
  const scan = String.fromCharCode(...jpeg).indexOf("\xff\xda") + 2;
  const data = scan + jpeg[scan]! * 256 + jpeg[scan + 1]!;
  return Uint8Array.from([...jpeg.subarray(0, data + 2), 0xff, 0xd9]);
}
