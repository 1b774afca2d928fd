import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { operation } from "../http/operation";
import { isoTime } from "../http/schemas";
import { validate } from "../http/validate";
import type { TenantContext } from "../services/context";
import { readGoogleAccount, type GoogleAccount } from "../services/google/account";
import { checkGoogleAccount } from "../services/google/check-account";
import { putGoogleAccount, serviceAccountIssues } from "../services/google/connect-account";
import { deleteGoogleAccount } from "../services/google/disconnect-account";
import { ServiceError } from "../services/errors";
import { readCallbacks } from "../services/google-callbacks/read";
import {
  accountBody,
  accountExampleBody,
  accountSchema,
  checkSchema,
  connectedAccountSchema,
} from "./google-account.schema";
import { callbacksJson } from "./google-diagnostics.schema";

const timeOrNull = (milliseconds: number | null) => (milliseconds === null ? null : isoTime(milliseconds));

function accountJson({ environment }: TenantContext, account: GoogleAccount) {
  const { issuerId, clientEmail, privateKeyId, saveLink, createdAt, updatedAt, checkedAt, findings } = account;
  return {
    object: "googleAccount" as const,
    issuerId,
    clientEmail,
    privateKeyId,
    simulated: environment === "sandbox",
    saveLink,
    createdAt: timeOrNull(createdAt),
    updatedAt: timeOrNull(updatedAt),
    checkedAt: timeOrNull(checkedAt),
    findings,
  };
}

export const googleAccount = new Hono<AppEnv>()
  .put(
    "/",
    operation({
      id: "putGoogleAccount",
      tag: "Google",
      summary: "Connect the account at Google",
      description:
        "Takes an issuer at Google Wallet into use, with the service account that acts for it; its key is stored sealed and never shown again. One that is there is replaced. Passes that holders saved belong to their issuer for ever: with another issuer they are no longer updated, and a warning says so. Check it next (`POST /v2/google/account/check`). In a sandbox, where every account has a made-up issuer, Google is the simulator with this one as well.",
      access: "google:manage",
      fansOut: true,
      requestExample: accountExampleBody,
      responses: {
        200: { description: "The account, replaced.", schema: connectedAccountSchema },
        201: { description: "The account, connected.", schema: connectedAccountSchema },
      },
      errors: ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"],
    }),
    validate("json", accountBody, (_, body) =>
      serviceAccountIssues((body as { serviceAccount?: unknown })?.serviceAccount),
    ),
    async (c) => {
      const ctx = c.get("tenant");
      const { account, created, warnings } = await putGoogleAccount(ctx, c.req.valid("json"));
      return c.json({ ...accountJson(ctx, account), warnings }, created ? 201 : 200);
    },
  )
  .get(
    "/",
    operation({
      id: "getGoogleAccount",
      tag: "Google",
      summary: "Read the account at Google",
      description:
        "Answers the connected account, without its key, and how Google's callbacks fare, which tell who adds and removes passes: what came of each class, what was refused and why, and of how many passes one is missing. In a sandbox that has none connected it is a made-up one, which works with the simulator at once.",
      access: "google:read",
      responses: { 200: { description: "The account.", schema: accountSchema } },
      errors: ["not_found"],
    }),
    async (c) => {
      const ctx = c.get("tenant");
      const [account, callbacks] = await Promise.all([readGoogleAccount(ctx), readCallbacks(ctx)]);
      if (!account) throw new ServiceError("not_found", "No account at Google is connected.");
      return c.json({ ...accountJson(ctx, account), callbacks: callbacksJson(callbacks) });
    },
  )
  .delete(
    "/",
    operation({
      id: "deleteGoogleAccount",
      tag: "Google",
      summary: "Disconnect the account at Google",
      description:
        "Erases the account and its key. Passes that holders saved stay with them as they are, and are no longer updated; nobody else can save one. In a sandbox its made-up account is back afterwards, and cannot be removed.",
      access: "google:manage",
      responses: { 204: { description: "The account is erased." } },
      errors: ["not_found"],
    }),
    async (c) => {
      await deleteGoogleAccount(c.get("tenant"));
      return c.body(null, 204);
    },
  )
  .post(
    "/check",
    operation({
      id: "checkGoogleAccount",
      tag: "Google",
      summary: "Check the account at Google",
      description:
        "Asks Google for a token and for the issuer, and answers with what was found, also of callbacks that never came: each finding says what to do, and where. That Google refuses or cannot be reached is a finding as well. The latest ones are kept with the account.",
      access: "google:manage",
      fansOut: true,
      responses: { 200: { description: "What was found.", schema: checkSchema } },
      errors: ["google_not_configured", "master_key_mismatch"],
    }),
    idempotent(),
    async (c) => {
      const { ok, checkedAt, findings } = await checkGoogleAccount(c.get("tenant"));
      return c.json({ object: "googleAccountCheck" as const, ok, checkedAt: isoTime(checkedAt), findings });
    },
  );
