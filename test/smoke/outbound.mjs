import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { build } from "esbuild";

/**
 * The guard of outbound URLs in real workerd, whose own network it uses: a server on this machine redirects, breaks
 * off, and sends more than it announces. (wrangler's harness would fetch by Node, and follow redirects by itself.)
 */

const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { Miniflare, convertV4MiniflareOptions } = fromWrangler("miniflare");

const worker = `
import { guardedFetch } from "./src/providers/outbound/guard.ts";
export default {
  async fetch(request) {
    const { url, allowLoopback, timeoutMs = 3000 } = await request.json();
    const fetched = await guardedFetch({ allowLoopback })(url, { bytesMax: 100_000, timeoutMs });
    return Response.json(fetched.ok ? { ...fetched, bytes: new TextDecoder().decode(fetched.bytes) } : fetched);
  },
};`;

const requests = [];
let closed = 0;
let files;
let origin;
let miniflare;

const redirect = (location) => (response) => response.writeHead(302, { location }).end("this way");
const paths = {
  "/file": (response) => response.writeHead(200, { "content-type": "image/png" }).end("content"),
  "/once": redirect("/file"),
  "/thrice": redirect("/twice"),
  "/twice": redirect("/once"),
  "/four": redirect("/thrice"),
  "/circle": redirect("/circle"),
  "/inside": redirect("https://169.254.169.254/latest/"),
  "/gone": (response) => response.writeHead(404).end("gone"),
  "/broken": (response) => response.socket.destroy(),
  "/cut": (response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("some", () => response.socket.destroy());
  },
  "/stuck": (response) => response.write("some"),
  "/silent": () => undefined,
  "/announced": (response) => {
    response.writeHead(200, { "content-length": "100000000" });
    response.write("some");
  },
  "/endless": (response) => {
    const more = () => response.write(Buffer.alloc(65_536));
    response.on("drain", more);
    response.on("close", () => (closed += 1));
    more();
  },
};

before(async () => {
  files = createServer((request, response) => {
    requests.push(request);
    paths[request.url](response);
  });
  await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${files.address().port}`;
  const built = await build({
    stdin: { contents: worker, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
  });
  const script = built.outputFiles[0].text;
  const options = { name: "guard", modules: true, script, compatibilityDate: "2026-08-04" };
  miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [options], cf: false }));
});

after(async () => {
  await miniflare?.dispose();
  files?.closeAllConnections();
  files?.close();
});

async function fetched(url, options = {}) {
  const body = JSON.stringify({ url, allowLoopback: true, ...options });
  return (await miniflare.dispatchFetch("http://worker/", { method: "POST", body })).json();
}

const unreachable = (detail) => ({ ok: false, code: "url_unreachable", detail });
const brokeOff = unreachable("the server of the URL could not be reached, or broke off");

describe("outbound URLs in real workerd", () => {
  it("R055 follows three redirects by hand, and sends nothing of the caller", async () => {
    requests.length = 0;
    assert.deepEqual(await fetched(`${origin}/thrice`), { ok: true, bytes: "content", mediaType: "image/png" });
    assert.deepEqual(
      requests.map(({ url }) => url),
      ["/thrice", "/twice", "/once", "/file"],
    );
    for (const { headers } of requests) {
      assert.equal(headers["user-agent"], "WePass/2");
      for (const name of ["authorization", "cookie", "referer", "origin"]) assert.equal(headers[name], undefined);
    }
  });

  it("R222 refuses a fourth redirect, and one that leads inside", async () => {
    const tooMany = unreachable("the URL redirects more than 3 times");
    assert.deepEqual(await fetched(`${origin}/four`), tooMany);
    assert.deepEqual(await fetched(`${origin}/circle`), tooMany);
    const detail = "it redirects, and then the URL must lead to a host on the public internet";
    assert.deepEqual(await fetched(`${origin}/inside`), { ok: false, code: "url_not_allowed", detail });
  });

  it("R222 says that a server answers an error, breaks off, or is not there", async () => {
    assert.deepEqual(await fetched(`${origin}/gone`), unreachable("the URL answers 404"));
    assert.deepEqual(await fetched(`${origin}/broken`), brokeOff);
    assert.deepEqual(await fetched(`${origin}/cut`), brokeOff);
    assert.deepEqual(await fetched("http://127.0.0.1:1/"), brokeOff);
  });

  it("R222 waits no longer than told, for the answer and for its body", async () => {
    const detail = "the URL did not answer whole within 0.3 seconds";
    for (const path of ["/silent", "/stuck"]) {
      const answer = await fetched(`${origin}${path}`, { timeoutMs: 300 });
      assert.deepEqual(answer, { ok: false, code: "url_timeout", detail }, path);
    }
  });

  it("R222 reads no more than allowed, whatever is announced", async () => {
    const tooLarge = { ok: false, code: "url_too_large", detail: "the file at the URL has more than 100000 bytes" };
    assert.deepEqual(await fetched(`${origin}/announced`), tooLarge);
    const gone = new Promise((resolve) => {
      const serve = paths["/endless"];
      paths["/endless"] = (response) => {
        response.on("close", resolve);
        serve(response);
      };
    });
    assert.deepEqual(await fetched(`${origin}/endless`), tooLarge);
    await gone;
    assert.equal(closed, 1);
  });

  it("R222 asks nothing of this machine unless a trial allows it", async () => {
    requests.length = 0;
    for (const url of [
      `${origin}/file`,
      origin.replace("http:", "https:"),
      "https://127.0.0.1/",
      "https://localhost/",
    ]) {
      assert.equal((await fetched(url, { allowLoopback: false })).code, "url_not_allowed", url);
    }
    assert.deepEqual(requests, []);
  });
});
