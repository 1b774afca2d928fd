import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { sha1Hex } from "../../src/pkpass/archive";
import { call, newPass, newTemplate, newTenant, pixel, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { deletingEnv, imageUses, packageOf, upload, withoutImages } from "../support/images";
import { pictureBytes } from "../support/pictures";
import { greyPng, pngSize } from "../support/png";

type Json = Record<string, any>;

const photo = greyPng(300, 300, 1);
const other = greyPng(300, 300, 2);

/** A card with room for a photo, and a picture of the template's there. */
async function newCard(tenant: TestTenant, images: Json = {}): Promise<string> {
  const thumbnail = { "1x": greyPng(90, 90), "2x": greyPng(180, 180) };
  return newTemplate(tenant, { style: "generic", images: { icon: { "1x": pixel }, thumbnail, ...images } });
}

const passUses = async (tenant: TestTenant): Promise<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(await imageUses(tenant))
      .filter(([, { templates }]) => templates === 0)
      .map(([id, { passes }]) => [id, passes]),
  );

const pictures = (files: Record<string, Uint8Array>, slot: string) =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.startsWith(slot))
      .map(([path, bytes]) => [path, pngSize(bytes)]),
  );

const codes = ({ warnings }: Json) => warnings.map(({ code, pointer }: Json) => [code, pointer]);
const issues = ({ body }: { body: Json }) => body.errors.map(({ code, pointer }: Json) => [pointer, code]);

describe("a picture of one pass", () => {
  it("R087 R256 takes the place of the template's, in every density and in no other pass", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId, overrides: { images: { thumbnail: photo } } });
    expect(pass.overrides.images).toEqual({ thumbnail: expect.stringMatching(/^img_/) });
    const files = await packageOf(tenant, pass.id);
    expect(pictures(files, "thumbnail")).toEqual({
      "thumbnail.png": [90, 90],
      "thumbnail@2x.png": [180, 180],
      "thumbnail@3x.png": [270, 270],
    });
    const manifest = JSON.parse(new TextDecoder().decode(files["manifest.json"])) as Record<string, string>;
    const listed = Object.keys(files).filter((path) => path !== "manifest.json" && path !== "signature");
    expect(Object.keys(manifest).toSorted()).toEqual(listed.toSorted());
    for (const [path, sha1] of Object.entries(manifest)) expect(sha1Hex(files[path]!), path).toBe(sha1);
    const plain = await packageOf(tenant, (await newPass(tenant, { templateId })).id);
    expect(Object.keys(plain).filter((path) => path.startsWith("thumbnail"))).toEqual([
      "thumbnail.png",
      "thumbnail@2x.png",
    ]);
    expect(plain["thumbnail.png"]).not.toEqual(files["thumbnail.png"]);
  });

  it("R087 replaces the slot whole: a density that the pass has not is not the template's", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const overrides = { images: { thumbnail: { "1x": greyPng(80, 90) } } };
    const pass = await newPass(tenant, { templateId, overrides });
    expect(pictures(await packageOf(tenant, pass.id), "thumbnail")).toEqual({ "thumbnail.png": [80, 90] });
    expect(codes(pass)).toContainEqual(["image_density_missing", "#/overrides/images/thumbnail"]);
  });

  it("R087 comes as a JPEG, as an uploaded image's id, or for a slot that the template has not", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const id = await upload(tenant, photo);
    const jpeg = Buffer.from(pictureBytes("jpegBaseline")).toString("base64");
    const overrides = { images: { thumbnail: id, logo: jpeg, icon: { "3x": id } } };
    const pass = await newPass(tenant, { templateId, overrides });
    expect(pass.overrides.images.thumbnail).toBe(id);
    const files = await packageOf(tenant, pass.id);
    expect(Object.keys(pictures(files, "thumbnail"))).toHaveLength(3);
    expect(files["logo.png"]).toBeDefined();
    expect(pictures(files, "icon"), "icon.png always exists").toEqual({
      "icon@3x.png": [300, 300],
      "icon.png": [300, 300],
    });
  });

  it("R222 tells of a picture that is too small, and of one that the style does not show", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const overrides = { images: { thumbnail: greyPng(100, 100), strip: photo } };
    const pass = await newPass(tenant, { templateId, overrides });
    expect(codes(pass)).toContainEqual(["image_too_small", "#/overrides/images/thumbnail"]);
    expect(codes(pass)).toContainEqual(["image_not_shown", "#/overrides/images/strip"]);
    expect(codes(pass)).not.toContainEqual(["image_density_missing", "#/overrides/images/thumbnail"]);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body).toEqual(pass);
  });

  it("R222 refuses what is no picture, each at its place, and stores nothing", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId });
    const before = await imageUses(tenant);
    const images = {
      thumbnail: "img_00000000000000000000000000",
      logo: { "2x": "no base64!" },
      strip: btoa("GIF89a............"),
      background: photo,
    };
    const expected = [
      ["#/overrides/images/logo/2x", "not_base64"],
      ["#/overrides/images/strip", "unsupported_image"],
      ["#/overrides/images/thumbnail", "unknown_image"],
    ];
    const answers = [
      await tenant.post("/v2/passes", { templateId, overrides: { images }, values: {} }),
      await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { images } }),
      await tenant.put(`/v2/passes/${pass.id}`, { overrides: { images }, values: pass.values }),
    ];
    for (const answer of answers) {
      expect(answer.status, answer.text).toBe(400);
      expect(issues(answer)).toEqual(expected);
    }
    const both = await tenant.patch(`/v2/passes/${pass.id}`, {
      values: { points: "many" },
      overrides: { images: { thumbnail: "no base64!" } },
    });
    expect(issues(both).map(([pointer]: string[]) => pointer)).toEqual([
      "#/values/points",
      "#/overrides/images/thumbnail",
    ]);
    for (const nothing of [{ thumbnail: {} }, { icon: {} }]) {
      const refused = await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { images: nothing } });
      expect(issues(refused)).toEqual([[`#/overrides/images/${Object.keys(nothing)[0]}`, "missing_image"]]);
    }
    expect(await imageUses(tenant)).toEqual(before);
    const { objects } = await env.FILES.list({ prefix: `${tenant.code}/images/` });
    expect(objects.length).toBe(3);
  });

  it("R222 names the pass's slot where a picture cannot be drawn for it", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const id = await upload(tenant, photo);
    const IMAGES = {
      input: () => {
        throw Object.assign(new Error("no"), { code: 9412 });
      },
    };
    const bindings = { ...env, IMAGES } as unknown as Cloudflare.Env;
    const body = { templateId, overrides: { images: { thumbnail: id } } };
    const refused = await tenant.post("/v2/passes", body, { env: bindings });
    expect(issues(refused)).toEqual([["#/overrides/images/thumbnail", "corrupt_image"]]);
  });

  it("R222 says so where pictures cannot be resized", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const body = { templateId, overrides: { images: { thumbnail: photo } } };
    const refused = await tenant.post("/v2/passes", body, { env: withoutImages() });
    expect([refused.status, refused.body.code]).toEqual([409, "images_not_configured"]);
  });

  it("R087 a new photo is a change that the holder sees, the same one is none", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId, overrides: { images: { thumbnail: photo } } });
    const path = `/v2/passes/${pass.id}`;
    const same = await tenant.patch(path, { overrides: { images: { thumbnail: photo } } });
    expect(same.body).toEqual(pass);
    expect((await tenant.put(path, { values: pass.values, overrides: pass.overrides })).body).toEqual(pass);
    const changed = await tenant.patch(path, { overrides: { images: { thumbnail: other } } });
    expect(changed.body.version).toBe(2);
    expect(changed.body.overrides.images.thumbnail).not.toBe(pass.overrides.images.thumbnail);
    const events = (await tenant.get("/v2/events")).body.data.filter(({ type }: Json) => type === "pass.updated");
    expect(events).toMatchObject([{ data: { version: 2, pointers: ["#/overrides/images"] } }]);
    const { body: history } = await tenant.get(`${path}/versions`);
    expect(history.data.map(({ overrides }: Json) => overrides.images)).toEqual([
      changed.body.overrides.images,
      pass.overrides.images,
    ]);
    const removed = await tenant.patch(path, { overrides: { images: { thumbnail: null } } });
    expect(removed.body.version).toBe(3);
    expect(Object.keys(pictures(await packageOf(tenant, pass.id), "thumbnail"))).toEqual([
      "thumbnail.png",
      "thumbnail@2x.png",
    ]);
  });

  it("R087 replaces the content of the pass that has the externalId, with its picture", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const body = { templateId, externalId: "member-1", values: {} };
    await tenant.post("/v2/passes", { ...body, overrides: { images: { thumbnail: photo } } });
    const upserted = await tenant.post("/v2/passes?upsert=true", {
      ...body,
      overrides: { images: { thumbnail: other } },
    });
    expect([upserted.status, upserted.body.version]).toEqual([200, 2]);
    expect(Object.values(await passUses(tenant)).toSorted()).toEqual([0, 1]);
  });

  it("is drawn by the preview and stands in the projections; nobody keeps it for long", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId, overrides: { images: { thumbnail: photo } } });
    const id: string = pass.overrides.images.thumbnail;
    const path = `/images/${tenant.code}/${id}/thumbnail@3x.png`;
    expect((await call("GET", new URL(pass.links.page).pathname)).text).toContain(path);
    const shown = await call("GET", path);
    expect(shown.status).toBe(200);
    expect(shown.headers.get("cache-control")).not.toContain("immutable");
    const { body } = await tenant.get(`/v2/passes/${pass.id}/projections`);
    expect(body.resolved.images.thumbnail["3x"]).toMatchObject({
      id,
      width: 270,
      height: 270,
      variant: "thumbnail@3x",
    });
    expect(body.resolved.images.thumbnail.original).toMatchObject({ id, width: 300, height: 300 });
    expect(body.resolved.images.icon["1x"]).toMatchObject({ width: 1 });
  });

  it("R087 gives way to the template's where its file was erased", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId, overrides: { images: { thumbnail: photo, logo: photo } } });
    const plain = await newPass(tenant, { templateId });
    await env.FILES.delete(`${tenant.code}/images/${pass.overrides.images.thumbnail}/thumbnail@2x.png`);
    const [files, expected] = [await packageOf(tenant, pass.id), await packageOf(tenant, plain.id)];
    expect(pictures(files, "thumbnail")).toEqual(pictures(expected, "thumbnail"));
    expect(files["thumbnail.png"]).toEqual(expected["thumbnail.png"]);
    expect(files["logo@3x.png"], "the slots stand for themselves").toBeDefined();
  });
});

describe("how many passes show an image", () => {
  it("R087 counts passes that are not voided, through every change", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const id = await upload(tenant, photo);
    const overrides = { images: { thumbnail: id, logo: { "1x": id, "2x": id } } };
    const [one, two] = [
      await newPass(tenant, { templateId, overrides }),
      await newPass(tenant, { templateId, overrides }),
    ];
    expect(await passUses(tenant)).toEqual({ [id]: 2 });
    await tenant.patch(`/v2/passes/${one.id}`, { overrides: { images: { logo: null } } });
    await tenant.patch(`/v2/passes/${one.id}`, { values: { points: 5 } });
    expect(await passUses(tenant)).toEqual({ [id]: 2 });
    const changed = await tenant.patch(`/v2/passes/${one.id}`, { overrides: { images: { thumbnail: other } } });
    const otherId: string = changed.body.overrides.images.thumbnail;
    expect(await passUses(tenant)).toEqual({ [id]: 1, [otherId]: 1 });
    await tenant.put(`/v2/passes/${one.id}`, { values: {} });
    expect(await passUses(tenant)).toEqual({ [id]: 1, [otherId]: 0 });
    await tenant.delete(`/v2/passes/${two.id}`);
    await tenant.delete(`/v2/passes/${two.id}`);
    expect(await passUses(tenant)).toEqual({ [id]: 0, [otherId]: 0 });
    expect((await tenant.get(`/v2/passes/${two.id}`)).body.overrides).toEqual(overrides);
  });

  it("R087 stays exact while many change the same pass", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const ids = [await upload(tenant, photo), await upload(tenant, other)];
    const pass = await newPass(tenant, { templateId });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        tenant.patch(`/v2/passes/${pass.id}`, { overrides: { images: { thumbnail: ids[index % 2] } } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const shown: string = (await tenant.get(`/v2/passes/${pass.id}`)).body.overrides.images.thumbnail;
    expect(await passUses(tenant)).toEqual(Object.fromEntries(ids.map((id) => [id, id === shown ? 1 : 0])));
  });

  it("R087 refuses a pass whose image was deleted while it was being stored", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const pass = await newPass(tenant, { templateId });
    const requests = [
      (id: string) =>
        tenant.post("/v2/passes", { templateId, overrides: { images: { thumbnail: id } } }, { env: deletingEnv(id) }),
      (id: string) =>
        tenant.patch(`/v2/passes/${pass.id}`, { overrides: { images: { thumbnail: id } } }, { env: deletingEnv(id) }),
    ];
    for (const request of requests) {
      const refused = await request(await upload(tenant, photo));
      expect(refused.status, refused.text).toBe(400);
      expect(issues(refused)).toEqual([["#/overrides/images/thumbnail", "unknown_image"]]);
    }
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body).toEqual(pass);
    expect((await tenant.get("/v2/passes")).body.data).toHaveLength(1);
  });

  it("R087 stores a photo once more that was deleted while the pass was being stored", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    const id = await upload(tenant, photo);
    const body = { templateId, overrides: { images: { thumbnail: photo } } };
    const issued = await tenant.post("/v2/passes", body, { env: deletingEnv(id) });
    expect(issued.status, issued.text).toBe(201);
    expect(await passUses(tenant)).toEqual({ [id]: 1 });
    const path = `/v2/passes/${(await newPass(tenant, { templateId })).id}`;
    const otherId = await upload(tenant, other);
    const changed = await tenant.patch(
      path,
      { overrides: { images: { thumbnail: other } } },
      { env: deletingEnv(otherId) },
    );
    expect(changed.status, changed.text).toBe(200);
    expect(await passUses(tenant)).toEqual({ [id]: 1, [otherId]: 1 });
  });
});

describe("what a picture of a pass costs", () => {
  it("R076 R087 is a row and two counters when it is new, and nothing when something else changes", async () => {
    const tenant = await newTenant();
    const templateId = await newCard(tenant);
    clearIsolateCaches();
    const issuing = countingEnv();
    const body = { templateId, overrides: { images: { thumbnail: photo } } };
    const issued = await tenant.post("/v2/passes", body, { env: issuing.env });
    expect(issued.status, issued.text).toBe(201);
    // The last three are the entry in the audit log, in its table and two indexes.
    expect(issuing.costs).toMatchObject({ writeBatches: 2, rowsWritten: 6 + 3 + 3 });
    expect(issuing.costs.reads).toBeLessThanOrEqual(4);

    clearIsolateCaches();
    const same = countingEnv();
    expect((await tenant.post("/v2/passes", body, { env: same.env })).status).toBe(201);
    expect(same.costs, "a photo that is there already").toMatchObject({ writeBatches: 1, rowsWritten: 6 + 1 + 3 });

    await env.FILES.delete(`${tenant.code}/images/${issued.body.overrides.images.thumbnail}.png`);
    clearIsolateCaches();
    const changing = countingEnv();
    const changed = await tenant.patch(
      `/v2/passes/${issued.body.id}`,
      { values: { points: 7 } },
      { env: changing.env },
    );
    expect(changed.status, changed.text).toBe(200);
    expect(changing.costs.reads).toBeLessThanOrEqual(2);
    expect(changing.costs).toMatchObject({ writeBatches: 1 });
    expect(changing.costs.rowsWritten).toBeLessThanOrEqual(12);
  });
});
