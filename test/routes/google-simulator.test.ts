import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { app, baseUrl, call } from "../support/api";
import { newIssuer, type Simulator } from "../simulators/google-wallet/client";
import { issued, skinnyLink } from "../simulators/google-wallet/passes";

const at = "/simulator/google";

/** The deployment's own simulator is the one by this name. */
const ofDeployment = () => env.GOOGLE_SIMULATOR!.getByName("google") as unknown as Simulator;

const fetchApp = (request: Request, bindings: Cloudflare.Env = env) =>
  app.fetch(request, bindings, createExecutionContext());

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the simulator's place in a sandbox", () => {
  it("R109 is below /simulator/google", async () => {
    const answer = await call("GET", `${at}/gp/m/issuer/keys`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=3600");
    expect(answer.body.keys).toHaveLength(1);
    const refused = await call("GET", `${at}/walletobjects/v1/issuer`);
    expect(refused.status).toBe(401);
    expect(refused.body.error.errors[0].domain).toBe("walletobjects");
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect(Date.parse(refused.headers.get("date")!)).not.toBeNaN();
  });

  it("R109 shows a page whose buttons work, and logs no link", async () => {
    const logged = vi.spyOn(console, "log").mockImplementation(() => {});
    const issuer = await newIssuer(ofDeployment());
    const link = at + (await skinnyLink(issuer, await issued(issuer, "generic")));
    const page = await fetchApp(new Request(baseUrl + link));
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
    const [, action] = /action="([^"]+\/save)"/.exec(await page.text())!;
    const saved = await fetchApp(new Request(baseUrl + action, { method: "POST" }));
    expect([saved.status, saved.headers.get("location")]).toEqual([303, link]);
    expect((await issuer.card(link.slice(at.length))).saved).toBe(true);
    const lines = JSON.stringify(logged.mock.calls);
    expect(lines).toContain('"/simulator/google/*"');
    expect(lines).not.toContain("eyJ");
  });

  it.each([
    ["/batch", 8],
    ["/upload/walletobjects/v1/transitObject/1.x/uploadRotatingBarcodeValues", 8],
    ["/walletobjects/v1/genericClass", 1],
    ["/token", 1],
    ["/batches", 1],
  ])("R138 takes bodies at %s up to %i MiB", async (path, mebibytes) => {
    const send = (bytes: number) => call("POST", at + path, { body: "x".repeat(bytes) });
    expect((await send(mebibytes * 1024 * 1024)).status).toBe(path === "/token" ? 400 : 401);
    const refused = await send(mebibytes * 1024 * 1024 + 1);
    expect([refused.status, refused.body.code]).toEqual([413, "body_too_large"]);
  });
});

describe("where there is none", () => {
  it.each([["production", { ENVIRONMENT: "production" }]])("R109 answers a problem in %s", async (_what, members) => {
    const bindings = { ...env, ...members } as unknown as Cloudflare.Env;
    const answer = await fetchApp(new Request(`${baseUrl}${at}/gp/m/issuer/keys`), bindings);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });
});
