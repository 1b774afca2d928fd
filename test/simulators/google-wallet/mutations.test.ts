import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { googleVerticals } from "../../../src/pass-model/vocabulary";
import { api, ask, newIssuer, newSimulator, type Answer, type Issuer } from "./client";
import { issued, passOf } from "./passes";

let issuer: Issuer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
  issuer = await newIssuer(newSimulator());
});
afterEach(() => {
  vi.useRealTimers();
});

/** Another second for each, that none is refused for being one of many. */
const nextSecond = () => vi.setSystemTime(Date.now() + 1000);

function expectAnswered({ status, body, text }: Answer): void {
  expect([200, 400, 403, 404, 409, 413], text).toContain(status);
  if (status === 200) return;
  expect(body.error).toMatchObject({ code: status, message: expect.any(String) });
  for (const error of body.error.errors) expect(error.domain).toBe("walletobjects");
}

const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, "", "\0", "\ud800", "%", "%zz", "~1", -0, 2 ** 53, "9".repeat(40), [[[]]], [null]),
  fc.constantFrom({ __proto__x: 1 }, JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"constructor":{"%":1}}')),
);
const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "%", "%zz", "a/b", "a~b", '"', "id", "classId", "messages"),
  fc.constantFrom("reviewStatus", "state", "callbackOptions", "sourceUri", "linkedObjectIds", "barcode", "kind"),
  fc.string({ maxLength: 8 }),
);

/** A place in a value: steps are taken modulo what there is. */
function mutate(value: any, steps: number[], member: string, replacement: unknown): any {
  const copy = structuredClone(value);
  let place = copy;
  for (const step of steps) {
    const keys = Object.keys(place);
    const next = keys.length > 0 ? place[keys[step % keys.length]!] : undefined;
    if (typeof next !== "object" || next === null) break;
    place = next;
  }
  Object.defineProperty(place, Array.isArray(place) ? steps.length % (place.length + 1) : member, {
    value: replacement,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

const mutation = fc.record({
  vertical: fc.constantFrom(...googleVerticals),
  kind: fc.constantFrom("class" as const, "object" as const),
  steps: fc.array(fc.nat(20), { maxLength: 4 }),
  member: name,
  replacement: hostile,
});

describe("whatever is sent", () => {
  it("R021 is answered, as a new resource", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ vertical, kind, steps, member, replacement }) => {
        nextSecond();
        const pass = passOf(issuer, vertical, `m${(round += 1)}`);
        if (kind === "object") await issuer.call("POST", pass.classPath, pass.class);
        const path = kind === "class" ? pass.classPath : pass.objectPath;
        expectAnswered(await issuer.call("POST", path, mutate(pass[kind], steps, member, replacement)));
      }),
      { numRuns: 250, seed: 4 },
    );
  });

  it("R120 is answered, as a change", async () => {
    const passes = new Map();
    for (const vertical of googleVerticals) passes.set(vertical, await issued(issuer, vertical));
    await fc.assert(
      fc.asyncProperty(
        mutation,
        fc.constantFrom("PATCH", "PUT", "addMessage"),
        async ({ vertical, kind, steps, member, replacement }, how) => {
          nextSecond();
          const pass = passes.get(vertical);
          const at = kind === "class" ? `${pass.classPath}/${pass.class.id}` : `${pass.objectPath}/${pass.object.id}`;
          const reviewed = kind === "class" && vertical !== "generic" ? { reviewStatus: "UNDER_REVIEW" } : {};
          const original =
            how === "PUT" ? pass[kind] : how === "PATCH" ? reviewed : { message: { header: "a", body: "b" } };
          const body = mutate(original, steps, member, replacement);
          expectAnswered(
            await (how === "addMessage" ? issuer.call("POST", `${at}/addMessage`, body) : issuer.call(how, at, body)),
          );
          expectAnswered(await issuer.call("GET", at));
        },
      ),
      { numRuns: 250, seed: 4 },
    );
  });

  it("R021 is answered, wherever and in whatever form it comes", async () => {
    const path = fc.constantFrom(
      "/jwt",
      "/jwt/validate",
      "/smartTap",
      "/issuer",
      "/privateContent/setPassUpdateNotice",
      "/loyaltyObject/1.a/modifyLinkedOfferObjects",
      "/transitObject/1.a/uploadRotatingBarcodeValues",
      "/genericClass?issuerId=%ff",
    );
    const body = fc.oneof(
      fc.string(),
      hostile.map((value) => JSON.stringify(value) ?? ""),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom("POST", "PUT", "PATCH"), body, async (at, method, text) => {
        nextSecond();
        expectAnswered(await issuer.call(method, at, text));
      }),
      { numRuns: 150, seed: 4 },
    );
  });

  it("R021 is answered, as a batch, a form or a JWT", async () => {
    const headers = (type: string) => ({ authorization: `Bearer ${issuer.token}`, "content-type": type });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (one, two) => {
        nextSecond();
        const line = one.replaceAll(/[\r\n]/g, " ");
        const { simulator } = issuer;
        const batch = `--x\n\n${line}\n\n${two}\n--x\n${one}\n\nPOST ${api}/jwt\n\n${two}\n--x--`;
        const answers = [
          await ask(simulator, "POST", "/batch", { body: batch, headers: headers("multipart/mixed; boundary=x") }),
          await ask(simulator, "POST", "/batch", { body: one, headers: headers("multipart/mixed; boundary=x") }),
          await ask(simulator, "POST", "/token", { body: two, headers: headers("application/x-www-form-urlencoded") }),
          await ask(simulator, "GET", `/gp/v/save/${encodeURIComponent(one) || "x"}`),
          await ask(simulator, "POST", `/gp/v/save/${btoa(encodeURIComponent(two)) || "x"}/save`),
        ];
        for (const { status, text } of answers) expect(status, text).toBeLessThan(500);
        expect(answers[0]!.text).not.toContain("HTTP/1.1 5");
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
