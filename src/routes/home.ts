import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { guarded } from "../http/guard";
import { homePage } from "../pages/home-page";
import { projectPreview } from "../pages/preview";
import { readAuthorityPem } from "../services/apple/sandbox-identity";
import { readShowcase } from "../services/deployment/showcase";
import { ServiceError } from "../services/errors";
import { networkKey } from "../services/guards";

const guard = guarded((c) => ({ home: networkKey(c.get("base")) }));

/** The home page of a sandbox (production leads to the docs), and the certificate by which anybody can verify a sandbox's passes. */
export const home = new Hono<AppEnv>()
  .get("/", guard, async (c) => {
    const ctx = c.get("base");
    if (ctx.environment !== "sandbox") return c.redirect("/docs");
    const { passes, sample } = await readShowcase(ctx);
    const shown = passes.map(({ preview: { pass, ...options }, ...rest }) => ({
      ...rest,
      preview: projectPreview(pass, options).output,
    }));
    return c.html(
      homePage({
        publicUrl: ctx.publicUrl,
        docsUrl: `${ctx.publicUrl}/docs`,
        passes: shown,
        curl: sample && curlLine(ctx.publicUrl, sample),
      }),
    );
  })
  // Google reads it before it calls back (as Googlebot) and before it fetches pictures. A link to a pass is its holder's secret.
  .get("/robots.txt", (c) =>
    c.text("User-agent: *\nDisallow: /p/\n\nUser-agent: Googlebot\nAllow: /api/\nDisallow: /p/\n"),
  )
  .get("/sandbox/authority.pem", guard, async (c) => {
    if (c.get("base").environment !== "sandbox")
      throw new ServiceError("not_found", "Only a sandbox has an authority of its own.");
    return c.body(await readAuthorityPem(c.get("base")), 200, {
      "content-type": "application/x-pem-file",
    });
  });

/** A command that issues a pass; the key comes from the reader's environment and never stands on a page. */
function curlLine(publicUrl: string, sample: object): string {
  const body = JSON.stringify(sample).replaceAll("'", "'\\''");
  return `curl -sS ${publicUrl}/v2/passes -H "Authorization: Bearer $WEPASS_KEY" -H "Content-Type: application/json" -d '${body}'`;
}
