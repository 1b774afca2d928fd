import { signupPage, withParameters } from "../../google-wallet/signup/location";
import { readProfile, type SignupProfile } from "../../google-wallet/signup/profile";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { isWithin, networkKey } from "../guards";
import { invalid, profileIssue, urlIssue, type Parameter } from "./refusals";
import { storePrefill } from "./store-prefill";

interface SignupRequest {
  /** Base64 of a JSON object, and where it came from. */
  profile: (Parameter & { value: string }) | null;
  /** A place below the tenant's `publicUri`; empty for that itself. */
  url: string;
  /** Who only looks (HEAD) leaves nothing behind. */
  looksOnly: boolean;
}

/**
 * Answers the URL of the tenant's sign-up page with what the person let Google send: in its query, or for a tenant that
 * wants it so, as a one-time token for it. Throws `not_found` if the tenant has no site, and `validation_error`.
 */
export async function openSignup(ctx: TenantContext, { profile, url, looksOnly }: SignupRequest): Promise<string> {
  const { publicUri, signupPrefill } = ctx.tenant;
  if (publicUri === null) {
    throw new ServiceError("not_found", "This account has no sign-up page: its `publicUri` is not set.");
  }
  const read = profile && readProfile(profile.value);
  const target = signupPage(publicUri, url);
  if (read?.ok === false || !target.ok) {
    throw invalid([
      ...(profile && read?.ok === false ? [profileIssue(profile, read.reason)] : []),
      ...(target.ok ? [] : [urlIssue(target.reason)]),
    ]);
  }
  const values = read?.profile ?? {};
  if (signupPrefill === "query") return withValues(target.page, values);
  return withParameters(target.page, looksOnly ? {} : await tokenFor(ctx, values));
}

/** What many servers take as the line of a request, and some proxies as a header. */
const locationCharactersMax = 7_000;

/** A person whose values are too long for a URL gets an empty form. */
function withValues(page: string, values: SignupProfile): string {
  const filled = withParameters(page, values);
  return filled.length <= locationCharactersMax ? filled : page;
}

/** A person without a token gets an empty form. */
async function tokenFor(ctx: TenantContext, values: SignupProfile): Promise<Record<string, string>> {
  if (Object.keys(values).length === 0) return {};
  if (!(await isWithin(ctx, "prefill", networkKey(ctx, ctx.tenant.id)))) return {};
  const prefill = await storePrefill(ctx, values);
  return prefill === null ? {} : { prefill };
}
