import { env } from "cloudflare:workers";
import { afterEach, expect, vi } from "vitest";
import { call, type Answer, type TestTenant } from "./api";
import { newSigner, type CallbackSigner, type SignOptions } from "./google-callbacks";

/** Google as far as it calls back: a signer whose keys the Worker fetches from a URL of its own. */
export interface CallbackGoogle {
  signer: CallbackSigner;
  env: Cloudflare.Env;
  /** When the keys were fetched. */
  fetches: number[];
  /** What is answered to the next fetches; the keys of the signer unless set. */
  answer: { keys: () => Response | Promise<Response> };
}

let served = 0;

/** `fetch` is a fake until the test is over. */
export async function newCallbackGoogle(
  bindings: Cloudflare.Env = env,
  known?: CallbackSigner,
): Promise<CallbackGoogle> {
  const signer = known ?? (await newSigner());
  const url = `https://keys-${(served += 1)}.test/gp/m/issuer/keys`;
  const fetches: number[] = [];
  const answer = {
    keys: (): Response | Promise<Response> =>
      Response.json(signer.keysDocument, { headers: { "cache-control": "public, max-age=3600" } }),
  };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    expect((input as Request).url).toBe(url);
    fetches.push(Date.now());
    return answer.keys();
  });
  return { signer, env: { ...bindings, GOOGLE_CALLBACK_KEYS_URL: url } as Cloudflare.Env, fetches, answer };
}

afterEach(() => {
  vi.restoreAllMocks();
});

export const callbackPath = (tenant: { id: string }): string => `/api/${tenant.id}/passes/google`;

export const issuerOf = async (tenant: TestTenant): Promise<string> =>
  (await tenant.get("/v2/google/account")).body.issuerId;

/** What Google signs of a pass. */
export function messageOf(
  issuerId: string,
  pass: { id: string; templateId?: string },
  members: Record<string, unknown> = {},
): SignOptions {
  const message = {
    classId: `${issuerId}.${pass.templateId ?? "class"}.1.0123456789abcdef0123`,
    objectId: `${issuerId}.${pass.id}`,
    ...members,
  };
  return { issuerId, message };
}

export const post = (google: CallbackGoogle, tenant: { id: string }, body: string): Promise<Answer> =>
  call("POST", callbackPath(tenant), { body, env: google.env });
