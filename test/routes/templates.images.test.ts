import { describe, expect, it } from "vitest";
import { call, newPass, newTemplate, newTenant, pixel, storeCard, type TestTenant } from "../support/api";
import { deletingEnv, imageUses, packageOf, upload, withoutImages } from "../support/images";
import { pictureBytes } from "../support/pictures";
import { greyPng, pngSize } from "../support/png";

type Json = Record<string, any>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Grey squares: enough for an icon at every density. */
const icon = greyPng(200, 200);

/** The template's member `images` with an icon beside these. */
const withIcon = (images: Json = {}) => ({ images: { icon, ...images } });

const uses = async (tenant: TestTenant): Promise<Record<string, number>> =>
  Object.fromEntries(Object.entries(await imageUses(tenant)).map(([id, { templates }]) => [id, templates]));

const about = (code: string, { warnings }: Json): string[] =>
  warnings.filter((warning: Json) => warning.code === code).map(({ pointer }: Json) => pointer);

describe("a slot from one picture", () => {
  it("R047 R055 R256 makes every density, answers the id, and puts them into the pass", async () => {
    const tenant = await newTenant();
    const created = await tenant.post("/v2/templates", storeCard(withIcon({ logo: greyPng(800, 200, 1) })));
    expect(created.status, created.text).toBe(201);
    const { images, warnings } = created.body;
    expect(images).toEqual({ icon: expect.stringMatching(/^img_/), logo: expect.stringMatching(/^img_/) });
    expect(warnings.filter(({ code }: Json) => code.startsWith("image_"))).toEqual([]);
    const pass = await newPass(tenant, { templateId: created.body.id });
    const files = await packageOf(tenant, pass.id);
    const sizes = Object.entries(files)
      .filter(([path]) => path.endsWith(".png"))
      .map(([path, bytes]) => [path, pngSize(bytes)]);
    expect(Object.fromEntries(sizes)).toEqual({
      "icon.png": [38, 38],
      "icon@2x.png": [76, 76],
      "icon@3x.png": [114, 114],
      "logo.png": [160, 40],
      "logo@2x.png": [320, 80],
      "logo@3x.png": [480, 120],
    });
    expect((await tenant.get(`/v2/templates/${created.body.id}`)).body).toEqual(created.body);
  });

  it("R222 R256 leaves out the densities that the picture is too small for, with the pixels in a warning", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post("/v2/templates", storeCard(withIcon({ logo: greyPng(200, 50, 2) })));
    expect(about("image_too_small", body)).toEqual(["#/images/logo"]);
    expect(about("image_density_missing", body)).toEqual([]);
    const [{ detail }] = body.warnings.filter(({ code }: Json) => code === "image_too_small");
    for (const text of ["@2x", "320×100", "@3x", "480×150", "200×50"]) expect(detail).toContain(text);
    const files = await packageOf(tenant, (await newPass(tenant, { templateId: body.id })).id);
    expect(Object.keys(files).filter((path) => path.startsWith("logo"))).toEqual(["logo.png"]);
    expect((await tenant.get(`/v2/templates/${body.id}`)).body).toEqual(body);
  });

  it("R256 takes a picture that is too small everywhere as it is, so that there always is an icon", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post("/v2/templates", storeCard({ images: { icon: pixel } }));
    expect(about("image_too_small", body)).toEqual(["#/images/icon"]);
    const files = await packageOf(tenant, (await newPass(tenant, { templateId: body.id })).id);
    expect(pngSize(files["icon.png"]!)).toEqual([1, 1]);
  });

  it("R055 R256 takes JPEG and SVG, an uploaded image's id, and the same sources for one density", async () => {
    const tenant = await newTenant();
    const jpeg = base64(pictureBytes("jpegBaseline"));
    const svg = btoa(
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="red"/></svg>',
    );
    const id = await upload(tenant, icon);
    const { status, body, text } = await tenant.post(
      "/v2/templates",
      storeCard({ images: { icon: id, logo: svg, strip: { "1x": jpeg, "2x": id } } }),
    );
    expect(status, text).toBe(201);
    expect(body.images.icon).toBe(id);
    expect(body.images.strip["2x"]).toBe(id);
    const files = await packageOf(tenant, (await newPass(tenant, { templateId: body.id })).id);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(["icon@3x.png", "logo.png", "strip.png", "strip@2x.png"]),
    );
    for (const [path, bytes] of Object.entries(files)) {
      if (path.endsWith(".png")) expect([...bytes.subarray(1, 4)], path).toEqual([0x50, 0x4e, 0x47]);
    }
  });

  it("R054 answers the picture that was sent, so that another environment takes the answer as it is", async () => {
    const [here, there] = [await newTenant(), await newTenant()];
    const jpeg = base64(pictureBytes("jpegBaseline"));
    const { body } = await here.post("/v2/templates", storeCard(withIcon({ logo: jpeg, strip: { "1x": pixel } })));
    const { body: whole } = await here.get(`/v2/templates/${body.id}?images=base64`);
    expect(whole.images).toEqual({ icon, logo: jpeg, strip: { "1x": pixel } });
    const { name, style, organizationName, description, fields, barcode, images } = whole;
    const content = { name, style, organizationName, description, fields, barcode, images };
    const moved = await there.post("/v2/templates", content);
    expect(moved.status, moved.text).toBe(201);
    expect((await there.get(`/v2/templates/${moved.body.id}?images=base64`)).body.images).toEqual(whole.images);
    expect((await here.put(`/v2/templates/${body.id}`, content)).body.version).toBe(1);
  });

  it("is drawn by the preview at its public path", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, withIcon({ logo: greyPng(800, 200, 1) }));
    const { images } = (await tenant.get(`/v2/templates/${templateId}`)).body;
    const pass = await newPass(tenant, { templateId });
    const { text } = await call("GET", new URL(pass.links.page).pathname);
    const path = `/images/${tenant.code}/${images.logo}/logo@3x.png`;
    expect(text).toContain(path);
    const shown = await call("GET", path);
    expect(shown.status).toBe(200);
    expect(pngSize(shown.bytes)).toEqual([480, 120]);
  });

  it("R222 says what must be resized and cannot be, and takes pictures that have their size", async () => {
    const tenant = await newTenant();
    const settings = { env: withoutImages() };
    const refused = await tenant.post("/v2/templates", storeCard(withIcon()), settings);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe("images_not_configured");
    const sized = { icon: { "1x": greyPng(38, 38), "2x": greyPng(76, 76), "3x": greyPng(114, 114) } };
    expect((await tenant.post("/v2/templates", storeCard({ images: sized }), settings)).status).toBe(201);
  });

  it("R222 names a source that is no picture by its slot", async () => {
    const tenant = await newTenant();
    const images = { icon: "https://", logo: "img_00000000000000000000000000", strip: 7, thumbnail: { "4x": pixel } };
    const wrong = await tenant.post("/v2/templates", storeCard({ images }));
    expect(wrong.body.errors.map(({ pointer }: Json) => pointer)).toEqual(["#/images/strip", "#/images/thumbnail/4x"]);
    const { icon: _, logo } = images;
    const unknown = await tenant.post("/v2/templates", storeCard(withIcon({ logo, strip: "no base64!" })));
    expect(unknown.body.errors.map(({ pointer, code }: Json) => [pointer, code])).toEqual([
      ["#/images/logo", "unknown_image"],
      ["#/images/strip", "not_base64"],
    ]);
  });
});

describe("how many template versions show an image", () => {
  it("counts each version once, whatever it shows the image in", async () => {
    const tenant = await newTenant();
    const id = await upload(tenant, icon);
    expect(await uses(tenant)).toEqual({ [id]: 0 });
    const templateId = await newTemplate(tenant, { images: { icon: id, logo: { "1x": id, "2x": id } } });
    expect(await uses(tenant)).toEqual({ [id]: 1 });
    await tenant.patch(`/v2/templates/${templateId}`, { description: "Second" });
    expect(await uses(tenant)).toEqual({ [id]: 2 });
    await tenant.patch(`/v2/templates/${templateId}`, { name: "No version" });
    await tenant.patch(`/v2/templates/${templateId}`, { description: "Second" });
    expect(await uses(tenant)).toEqual({ [id]: 2 });
    const { body } = await tenant.patch(`/v2/templates/${templateId}`, {
      images: { icon: greyPng(200, 200, 9), logo: null },
    });
    expect(await uses(tenant)).toEqual({ [id]: 2, [body.images.icon]: 1 });
  });

  it("releases the images of a template that never issued a pass, and keeps those of one that did", async () => {
    const tenant = await newTenant();
    const unused = await newTemplate(tenant, withIcon({ logo: { "1x": pixel } }));
    await tenant.patch(`/v2/templates/${unused}`, { description: "Second" });
    const issued = await newTemplate(tenant, withIcon());
    const pass = await newPass(tenant, { templateId: issued });
    await tenant.delete(`/v2/passes/${pass.id}`);
    const { icon: iconId, logo } = (await tenant.get(`/v2/templates/${unused}`)).body.images;
    expect(await uses(tenant)).toEqual({ [iconId]: 3, [logo["1x"]]: 2 });
    expect((await tenant.delete(`/v2/templates/${unused}`)).status).toBe(204);
    expect(await uses(tenant)).toEqual({ [iconId]: 1, [logo["1x"]]: 0 });
    expect((await tenant.delete(`/v2/templates/${issued}`)).status).toBe(204);
    expect(await uses(tenant)).toEqual({ [iconId]: 1, [logo["1x"]]: 0 });
  });

  it("refuses the version, and stores nothing, if an image was deleted while it was being read", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, { images: { icon: { "1x": pixel } } });
    const id = await upload(tenant, icon);
    const settings = { env: deletingEnv(id) };
    const created = await tenant.post("/v2/templates", storeCard({ images: { icon: id } }), settings);
    expect(created.status, created.text).toBe(400);
    expect(created.body.errors).toMatchObject([{ pointer: "#/images/icon", code: "unknown_image" }]);
    const again = await upload(tenant, icon);
    const changed = await tenant.patch(
      `/v2/templates/${templateId}`,
      { images: { logo: again } },
      { env: deletingEnv(again) },
    );
    expect(changed.status, changed.text).toBe(400);
    expect(changed.body.errors).toMatchObject([{ pointer: "#/images/logo", code: "unknown_image" }]);
    expect((await tenant.get(`/v2/templates/${templateId}`)).body.version).toBe(1);
    expect((await tenant.get("/v2/templates")).body.data).toHaveLength(1);
  });

  it("stores an image that came whole once more, if it was deleted while the version was being stored", async () => {
    const tenant = await newTenant();
    const id = await upload(tenant, icon);
    const created = await tenant.post("/v2/templates", storeCard(withIcon()), { env: deletingEnv(id) });
    expect(created.status, created.text).toBe(201);
    expect(await uses(tenant)).toEqual({ [id]: 1 });
  });
});
