import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { createTestHarness } from "wrangler";
import { buildAssets } from "../../scripts/build-assets.mjs";

/**
 * Images as they come, into the production bundle in real workerd: photos that sharp made just now, and URLs of a
 * server on this machine, which a trial may allow and nothing else does.
 */

const sharp = createRequire(createRequire(import.meta.url).resolve("miniflare/package.json"))("sharp");
const adminToken = "wpa_smoke";
const secrets = { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken };

/** What the server on this machine was asked for. */
const requests = [];
let photo;
let files;
let origin;
let server;
let token;

async function start(vars) {
  const harness = createTestHarness({ workers: [{ configPath: "wrangler.toml", vars, secrets }] });
  await harness.listen();
  await harness.getWorker().applyD1Migrations("CONTROL_DB");
  await harness.getWorker().applyD1Migrations("DATA_DB");
  return harness;
}

async function call(method, path, body, headers = {}) {
  const response = await server.fetch(`http://localhost:8787${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    ...(body && { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const json = /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(bytes.toString()) : null;
  return { status: response.status, headers: response.headers, bytes, json };
}

const raw = (file) => call("POST", "/v2/images", file, { "content-type": "image/x-whatever" });
const faultOf = ({ json }) => json.errors?.map(({ pointer, code }) => `${pointer} ${code}`).join();

async function newToken() {
  token = adminToken;
  const { json } = await call("POST", "/admin/tenants", { name: "Images" });
  token = json.apiKey.token;
}

/** A photo as a camera takes it: lying on its side, in a wide colour space, with the place where it was taken. */
function camera() {
  const [width, height] = [1600, 900];
  const red = { create: { width: width / 2, height, channels: 3, background: "#e04020" } };
  return sharp({ create: { width, height, channels: 3, background: "#2040e0" } })
    .composite([{ input: red, left: 0, top: 0 }])
    .withExif({ IFD0: { Make: "Example Camera", Orientation: "6" }, IFD3: { GPSLatitudeRef: "N" } })
    .withIccProfile("p3");
}

before(async () => {
  await buildAssets(process.cwd());
  photo = await camera().withMetadata({ orientation: 6 }).withIccProfile("p3").jpeg({ quality: 95 }).toBuffer();
  files = createServer((request, response) => {
    requests.push(request);
    response.end(photo);
  });
  await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
  origin = `http://localhost:${files.address().port}`;
  server = await start({ OUTBOUND_ALLOW_LOOPBACK: "1" });
  await newToken();
});

after(async () => {
  await server?.close();
  files?.closeAllConnections();
  files?.close();
});

describe("images in the production bundle", () => {
  it("R256 takes a photo of a camera, shows it upright in sRGB, and makes each density of it", async () => {
    const { status, json } = await raw(photo);
    assert.equal(status, 201, JSON.stringify(json));
    assert.deepEqual([json.mediaType, json.width, json.height], ["image/jpeg", 900, 1600]);
    const shown = await call("GET", new URL(json.url).pathname);
    assert.ok(!/Exif|Example Camera|iCCP|eXIf/.test(shown.bytes.toString("latin1")));
    const { data, info } = await sharp(shown.bytes).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [900, 1600]);
    // Turned clockwise, its left half is above.
    const pixel = (x, y) => [
      ...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3),
    ];
    const near = (seen, wanted) => seen.every((value, index) => Math.abs(value - wanted[index]) < 12);
    assert.ok(near(pixel(450, 200), [0xe0, 0x40, 0x20]), `${pixel(450, 200)}`);
    assert.ok(near(pixel(450, 1400), [0x20, 0x40, 0xe0]), `${pixel(450, 1400)}`);

    const template = await call("POST", "/v2/templates", {
      name: "Card",
      style: "storeCard",
      organizationName: "Fern & Finch",
      description: "Card",
      images: { icon: json.id, strip: json.id, logo: `data:image/jpeg;base64,${photo.toString("base64")}` },
    });
    assert.equal(template.status, 201, JSON.stringify(template.json));
    const { json: image } = await call("GET", `/v2/images/${json.id}`);
    for (const { slot, density, width, height, url } of image.variants) {
      const { bytes } = await call("GET", new URL(url).pathname);
      const facts = await sharp(bytes).metadata();
      assert.deepEqual([facts.format, facts.width, facts.height], ["png", width, height], `${slot}@${density}`);
    }
    // 900 pixels are too few for a strip at 3x.
    assert.deepEqual(
      image.variants.map(({ slot, density, width, height }) => `${slot}@${density} ${width}×${height}`),
      [
        "icon@1x 38×38",
        "icon@2x 76×76",
        "icon@3x 114×114",
        "logo@1x 28×50",
        "logo@2x 56×100",
        "logo@3x 84×150",
        "strip@1x 375×144",
        "strip@2x 750×288",
      ],
    );
  });

  it("R222 refuses what tools make and passes cannot show", async () => {
    const small = sharp({ create: { width: 40, height: 40, channels: 3, background: "#888" } });
    const cases = {
      unsupported_image: [
        await small.webp().toBuffer(),
        await small.gif().toBuffer(),
        await small.tiff().toBuffer(),
        await small.avif().toBuffer(),
      ],
      corrupt_image: [photo.subarray(0, photo.length / 2), (await small.png().toBuffer()).subarray(0, 60)],
      image_too_many_pixels: [
        await sharp({ create: { width: 8193, height: 2, channels: 3, background: "#888" } })
          .jpeg()
          .toBuffer(),
      ],
    };
    for (const [code, broken] of Object.entries(cases)) {
      for (const file of broken) assert.equal(faultOf(await raw(file)), `# ${code}`);
    }
  });

  it("R055 fetches a URL", async () => {
    requests.length = 0;
    const { status, json } = await call("POST", "/v2/images", { url: `${origin}/logo` });
    assert.equal(status, 200, JSON.stringify(json));
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["/logo"],
    );
  });

  it("R222 fetches nothing of this machine unless a trial allows it", async () => {
    const allowing = server;
    server = await start({});
    try {
      await newToken();
      requests.length = 0;
      for (const url of [`${origin}/logo`, origin.replace("http:", "https:"), `https://127.0.0.1/logo`]) {
        assert.equal(faultOf(await call("POST", "/v2/images", { url })), "#/url url_not_allowed", url);
      }
      assert.deepEqual(requests, []);
    } finally {
      await server.close();
      server = allowing;
    }
  });
});
