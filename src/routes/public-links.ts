import { Hono, type Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { sendPass } from "../http/send-pass";
import { isAndroid, takesPkpass } from "../http/user-agent";
import { validate } from "../http/validate";
import { busyPage } from "../pages/busy-page";
import { gonePage } from "../pages/gone-page";
import { passPage } from "../pages/pass-page";
import { projectPreview } from "../pages/preview";
import { waitingPage } from "../pages/waiting-page";
import { ServiceError } from "../services/errors";
import type { TenantContext } from "../services/context";
import { openSaveLink } from "../services/google/save-link";
import { openLink, type GoneReason } from "../services/links/open";
import { packageFile } from "../services/passes/apple";
import { previewOf } from "../services/passes/preview";
import { resolveFile, type PassFile } from "../services/passes/read";
import { whyNotSignable } from "../services/passes/signable";
import { isConnected, viewPass } from "../services/passes/view";

/** A token that does not exist is counted; see `linkGuesses`. */
const tooManyPage = {
  description:
    "A page that says that the link, or the network that asks, had too many requests, or that the network tried too many tokens that do not exist.",
  mediaType: "text/html",
  headers: { "Retry-After": { description: "Seconds.", schema: { type: "string" } } },
};

const token = z.object({
  token: z.string().meta({ description: "Token of the link.", examples: ["K7X2M9QAh4nT0pQ2wX8yZ6bV"] }),
});

/** What people and their phones open: no key, the token is the secret. */
export const publicLinks = new Hono<AppEnv>()
  .get(
    "/:token",
    operation({
      id: "openLink",
      tag: "Distribution",
      summary: "Open a pass",
      description:
        "The universal link: the `.pkpass` for Apple's agents, a page with the pass and its buttons for everybody else, and for them, too, while the pass cannot be signed. On Android the page has the button of Google Wallet only.",
      access: "public",
      responses: {
        200: { description: "The page, or the file.", mediaType: ["text/html", "application/vnd.apple.pkpass"] },
        404: { description: "A page that says that nothing is behind this link.", mediaType: "text/html" },
        410: { description: "A page that says that the link is closed or the pass void.", mediaType: "text/html" },
        429: tooManyPage,
      },
      errors: ["master_key_mismatch"],
    }),
    validate("param", token),
    (c) =>
      orPage(c, async () => {
        const { ctx, file } = await openLink(c.get("base"), c.req.valid("param").token);
        c.header("vary", "user-agent");
        if (takesPkpass(c.req.header("user-agent") ?? "")) {
          const resolved = resolveFile(ctx, file);
          const unsignable = whyNotSignable(ctx, file.identity, resolved);
          if (!unsignable) return sendPass(c, await packageFile(ctx, file, resolved), file.pass);
        }
        return showPass(c, ctx, file);
      }),
  )
  .get(
    "/:token/apple",
    operation({
      id: "openAppleLink",
      tag: "Distribution",
      summary: "Open the Apple Wallet file",
      description: "Answers the signed `.pkpass` to any agent.",
      access: "public",
      responses: { 200: { description: "The file.", mediaType: "application/vnd.apple.pkpass" } },
      errors: [
        "not_found",
        "link_gone",
        "rate_limited",
        "apple_not_configured",
        "nfc_certificate_required",
        "master_key_mismatch",
      ],
    }),
    validate("param", token),
    async (c) => {
      const { ctx, file } = await openLink(c.get("base"), c.req.valid("param").token);
      return sendPass(c, await packageFile(ctx, file), file.pass);
    },
  )
  .get(
    "/:token/google",
    operation({
      id: "openGoogleLink",
      tag: "Distribution",
      summary: "Add to Google Wallet",
      description:
        "Leads to a fresh save link of Google Wallet. The pass is made there when its holder first asks for it. While the account is not connected to Google, it leads to the page of the pass; while Google does not take the pass, it shows a page that says so.",
      access: "public",
      responses: {
        204: { description: "To HEAD, which makes nothing at Google." },
        302: {
          description: "Leads to the save link, or without a connected account to the page.",
          headers: { Location: { description: "The save link, good for this pass only.", schema: { type: "string" } } },
        },
        503: {
          description:
            "A page that says that Google does not take the pass; it tries again by itself if that can pass, after the seconds in `Retry-After`.",
          mediaType: "text/html",
          headers: { "Retry-After": { description: "Seconds.", schema: { type: "string" } } },
        },
        404: { description: "A page that says that nothing is behind this link.", mediaType: "text/html" },
        410: { description: "A page that says that the link is closed or the pass void.", mediaType: "text/html" },
        429: tooManyPage,
      },
      errors: ["master_key_mismatch"],
    }),
    validate("param", token),
    (c) =>
      orPage(c, async () => {
        const { token } = c.req.valid("param");
        const { ctx, file } = await openLink(c.get("base"), token);
        // A scanner's look makes nothing at Google (RFC 9110 §9.2.1).
        if (c.req.method === "HEAD") return c.body(null, 204);
        return isConnected(ctx, file) ? leadToGoogle(c, ctx, file) : c.redirect(`${ctx.publicUrl}/p/${token}`, 302);
      }),
  );

async function leadToGoogle(c: Context<AppEnv>, ctx: TenantContext, file: PassFile): Promise<Response> {
  try {
    return c.redirect(await openSaveLink(ctx, file), 302);
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === "temporarily_unavailable")) throw error;
    const { retryAfterSeconds } = error;
    if (retryAfterSeconds !== null) {
      c.header("retry-after", String(retryAfterSeconds));
      c.header("refresh", String(retryAfterSeconds));
    }
    return c.html(waitingPage({ language: ctx.tenant.locale, triesAgain: retryAfterSeconds !== null }), 503);
  }
}

function showPass(c: Context<AppEnv>, ctx: TenantContext, file: PassFile): Response | Promise<Response> {
  const { pass, language, ...options } = previewOf(ctx, file);
  const { links } = viewPass(ctx, file, pass);
  // No button to a file that there is not.
  const signable = !whyNotSignable(ctx, file.identity, pass);
  const onAndroid = links.google !== null && isAndroid(c.req.header("user-agent") ?? "");
  const appleUrl = signable && !onAndroid ? links.apple : null;
  const preview = projectPreview(pass, { ...options, language }).output;
  return c.html(passPage({ preview, language, appleUrl, googleUrl: links.google }));
}

/** People get a page where programs get a problem document. */
async function orPage(c: Context<AppEnv>, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === "link_gone") return c.html(gonePage(error.extra.reason as GoneReason), 410);
    if (error.code === "not_found") return c.html(gonePage("unknown"), 404);
    if (error.code === "rate_limited") return showBusy(c, error);
    throw error;
  }
}

function showBusy(c: Context<AppEnv>, { code, retryAfterSeconds }: ServiceError): Response | Promise<Response> {
  c.set("errorCode", code);
  c.header("retry-after", String(retryAfterSeconds));
  return c.html(busyPage(c.req.header("accept-language")), 429);
}
