import { Hono, type Context, type Next } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "../http/env";
import { guarded } from "../http/guard";
import { problemTable } from "../http/problem-table";
import { logFault, toServiceError } from "../http/problems";
import { validate } from "../http/validate";
import { busyPage } from "../pages/busy-page";
import { signupProblemPage } from "../pages/signup-problem-page";
import { ServiceError } from "../services/errors";
import { networkKey, refuseBeyond } from "../services/guards";
import { findSignupTenant } from "../services/google-signup/find-tenant";
import { openSignup } from "../services/google-signup/open-signup";
import { redeemPrefill } from "../services/google-signup/redeem-prefill";
import { invalid, issueAt, type Parameter } from "../services/google-signup/refusals";
import { accountPath, describeForm, describeQuery, docs, redemption } from "./google-signup.schema";

const guards = (c: Context<AppEnv>) => ({ signup: networkKey(c.get("base")) });

/**
 * Leads a person from Google Wallet to the tenant's sign-up page. That these answers are neither kept nor named to the
 * next page (`no-store`, `no-referrer`) is so of all answers (`app.ts`), and that no query is logged, too.
 */
export const googleSignup = new Hono<AppEnv>()
  .get("/", docs.open, validate("param", accountPath), describeQuery, (c) => lead(c, 302))
  .post("/", docs.post, validate("param", accountPath), describeQuery, describeForm, (c) => lead(c, 303))
  .use(
    "/redeem",
    guarded(guards),
    nameTenant,
    cors({
      origin: (origin, c: Context<AppEnv>) => (origin === siteOrigin(c) ? origin : null),
      allowMethods: ["POST"],
      allowHeaders: ["Content-Type"],
      maxAge: 600,
    }),
  )
  .post("/redeem", docs.redeem, validate("param", accountPath), validate("json", redemption), async (c) => {
    const values = await redeemPrefill(c.get("tenant"), c.req.valid("json").token);
    return c.json({ object: "signupPrefill" as const, ...values });
  });

async function nameTenant(c: Context<AppEnv>, next: Next): Promise<void> {
  c.set("tenant", await findSignupTenant(c.get("base"), c.req.param("tenantId") ?? ""));
  await next();
}

function siteOrigin(c: Context<AppEnv>): string | null {
  const { publicUri } = c.get("tenant").tenant;
  return publicUri === null ? null : new URL(publicUri).origin;
}

/** A person waits, so what goes wrong is told by a page. */
async function lead(c: Context<AppEnv>, status: 302 | 303): Promise<Response> {
  let language = "en";
  try {
    await refuseBeyond(c.get("base"), guards(c));
    const ctx = await findSignupTenant(c.get("base"), c.req.param("tenantId") ?? "");
    c.set("tenant", ctx);
    language = ctx.tenant.locale;
    const { searchParams } = new URL(c.req.url);
    const location = await openSignup(ctx, {
      profile: profileIn(await readForm(c), "form") ?? profileIn(searchParams, "query"),
      url: searchParams.get("url") ?? "",
      looksOnly: c.req.method === "HEAD",
    });
    return c.redirect(location, status);
  } catch (thrown) {
    if (!/\btext\/html\b/i.test(c.req.header("accept") ?? "")) throw thrown;
    return problemPage(c, toServiceError(thrown), language);
  }
}

function problemPage(c: Context<AppEnv>, error: ServiceError, language: string): Response | Promise<Response> {
  const { status } = problemTable[error.code];
  c.set("errorCode", error.code);
  logFault(c, error);
  if (error.code === "rate_limited") {
    c.header("retry-after", String(error.retryAfterSeconds));
    return c.html(busyPage(c.req.header("accept-language")), status);
  }
  const trouble = status >= 500 ? "failed" : error.code === "not_found" ? "notSetUp" : "unreadable";
  return c.html(signupProblemPage(trouble, language), status);
}

/** Google's older guide and its samples say `userProfile`, its present one `SharedDataType`. */
const profileNames = ["userProfile", "SharedDataType"];

function profileIn(values: URLSearchParams | FormData | null, place: Parameter["in"]) {
  for (const name of profileNames) {
    const value = values?.getAll(name).find((one) => one !== "");
    if (value === undefined) continue;
    const parameter: Parameter = { name, in: place };
    if (typeof value !== "string") throw invalid([issueAt(parameter, "wrong_type", "expected a text, not a file")]);
    return { ...parameter, value };
  }
  return null;
}

/** The fields of the form, if there is one. */
async function readForm(c: Context<AppEnv>): Promise<URLSearchParams | FormData | null> {
  if (c.req.method !== "POST") return null;
  const type = c.req.header("content-type") ?? "";
  if (/^multipart\/form-data\s*(;|$)/i.test(type)) return c.req.formData().catch(refuseForm);
  const body = await c.req.arrayBuffer();
  if (body.byteLength === 0) return null;
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    return new URLSearchParams(new TextDecoder().decode(body));
  }
  throw new ServiceError("unsupported_media_type", "The body must be a form: application/x-www-form-urlencoded.");
}

function refuseForm(): never {
  throw invalid([issueAt({ name: "userProfile", in: "form" }, "malformed_form", "expected a form (RFC 7578)")]);
}
