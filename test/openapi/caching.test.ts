import { describe, expect, it } from "vitest";
import { app, call, storeCard } from "../support/api";
import { greyPng } from "../support/png";
import { allOperations, exampleRequest, send, sharedWorld, type Operation } from "./operations";

/** A cache in front of the Worker keeps what says that it may be kept, for whoever asks: so hardly anything may. */

/** Of other methods no cache keeps anything. */
const operations = (await allOperations()).filter(({ method }) => method === "GET");
const pictures = new Set(["getImageFile", "getImageVariantFile"]);

/** Every route for reading that is not in the document, with a path for it: the same for everyone, or never kept. */
const undocumented: Record<string, { path: string; shared: boolean }> = {
  "/": { path: "/", shared: false },
  "/docs": { path: "/docs", shared: false },
  "/docs/scalar.js": { path: "/docs/scalar.js", shared: true },
  "/favicon.ico": { path: "/favicon.ico", shared: true },
  "/problems/:slug": { path: "/problems/not-found", shared: true },
  "/robots.txt": { path: "/robots.txt", shared: false },
  "/sandbox/authority.pem": { path: "/sandbox/authority.pem", shared: false },
  "/v2/openapi.json": { path: "/v2/openapi.json", shared: true },
};

/** Without either word a cache may keep an answer, if it says so or by its own guess (RFC 9111, 4.2.2). */
const isShared = ({ headers }: { headers: Headers }): boolean =>
  !/\b(no-store|private)\b/.test(headers.get("cache-control") ?? "");

async function answersOf(operation: Operation) {
  const { tenant, ids, files = {} } = await sharedWorld();
  const world = { tenant, ids: { ...ids }, files };
  if (pictures.has(operation.id)) {
    const { body } = await tenant.post("/v2/templates", storeCard({ images: { icon: greyPng(200, 200) } }));
    world.ids.img = body.images.icon;
  }
  const request = exampleRequest(operation, world);
  return [await send(request), await send({ ...request, path: `${request.path}x` })] as const;
}

describe("R251 what a cache may keep", () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))("R251 of %s", async (id, operation) => {
    const [answer, elsewhere] = await answersOf(operation);
    if (pictures.has(id)) expect(answer.status).toBe(200);
    expect(isShared(answer), answer.headers.get("cache-control") ?? "").toBe(pictures.has(id));
    expect(isShared(elsewhere)).toBe(false);
  });

  it("R251 of what is not in the document", async () => {
    const documented = new Set(operations.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ":$1")));
    const plain = (path: string) => path.replaceAll(/\{[^/]*\}(?=\/|$)/g, "");
    const others = app.routes
      .filter(({ method, path }) => method === "GET" && !documented.has(plain(path)))
      .map(({ path }) => path);
    expect([...new Set(others)].toSorted()).toEqual(Object.keys(undocumented).toSorted());
    for (const { path, shared } of Object.values(undocumented)) {
      expect(isShared(await call("GET", path)), path).toBe(shared);
    }
    for (const path of ["/nothing", "/problems/nothing", "/docs/nothing", "/p/00000000zzzzzzzzzzzzzzzz"]) {
      expect(isShared(await call("GET", path)), path).toBe(false);
    }
  });
});
