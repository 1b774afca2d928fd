import { Buffer } from "node:buffer";
import { call, newTenant, type Answer, type TestTenant } from "./api";

/** As Google: a form, from a WebView. */

export const site = "https://shop.example/app";

export const newSignupTenant = (settings: Record<string, unknown> = {}): Promise<TestTenant> =>
  newTenant({ publicUri: site, ...settings });

export const encodeProfile = (profile: unknown): string => Buffer.from(JSON.stringify(profile)).toString("base64");

export const zoe = { FIRST_NAME: "Zoë", LAST_NAME: "Winter", EMAIL: "zoe@example.com" };

export const signupPath = ({ id }: { id: string }, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `/api/${id}/passes/google/signup${search && "?"}${search}`;
};

type CallOptions = NonNullable<Parameters<typeof call>[2]>;

export const getSignup = (
  tenant: { id: string },
  query: Record<string, string> = {},
  options: CallOptions = {},
): Promise<Answer> => call("GET", signupPath(tenant, query), options);

/** `form` is sent as it is if it is a text. */
export const postSignup = (
  tenant: { id: string },
  form: Record<string, string> | string,
  query: Record<string, string> = {},
  { headers, ...options }: CallOptions = {},
): Promise<Answer> =>
  call("POST", signupPath(tenant, query), {
    body: typeof form === "string" ? form : new URLSearchParams(form).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    ...options,
  });

export const redeem = (tenant: { id: string }, token: unknown, options: CallOptions = {}): Promise<Answer> =>
  call("POST", `${signupPath(tenant)}/redeem`, { body: { token }, ...options });

/** A tenant whose page gets tokens, and a token of its own. */
export async function newPrefill(profile: unknown = zoe): Promise<{ tenant: TestTenant; token: string }> {
  const tenant = await newSignupTenant({ signupPrefill: "token" });
  return { tenant, token: prefillOf(await postSignup(tenant, { userProfile: encodeProfile(profile) }))! };
}

export const locationOf = ({ headers }: Answer): URL => new URL(headers.get("location")!);

export const prefillOf = (answer: Answer): string | null => locationOf(answer).searchParams.get("prefill");
