import { Hono } from "hono";
import * as z from "zod";
import { describe } from "../http/device";
import type { AppEnv } from "../http/env";
import { guarded } from "../http/guard";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { validate } from "../http/validate";
import { networkKey } from "../services/guards";
import { findRecipient } from "../services/google-callbacks/recipient";
import { ServiceError } from "../services/errors";
import { receiveCallback } from "../services/google-callbacks/receive";

const base64 = (description: string) => z.string().meta({ description, examples: ["MEUCIQDtE1nVx5Zq…"] });

const signedMessageExample =
  '{"classId":"3388000000012345678.tmpl_…","objectId":"3388000000012345678.pass_…","eventType":"save","expTimeMillis":1777653600000,"count":1,"nonce":"9b2c7c4e-9d5d-4f7f-8a43-1f1b7c8f2a10"}';

const signedKeyExample = '{"keyValue":"MFkwEwYHKoZIzj0CAQYI…","keyExpiration":"1778258400000"}';

const intermediateExample = { signedKey: signedKeyExample, signatures: ["MEQCIGXqWq0o…"] };

const callbackExample = {
  signature: "MEUCIQDtE1nVx5Zq…",
  intermediateSigningKey: intermediateExample,
  protocolVersion: "ECv2SigningOnly",
  signedMessage: signedMessageExample,
} as const;

const callbackBody = z
  .looseObject({
    signature: base64("By the intermediate key: ECDSA P-256 with SHA-256, DER in Base64."),
    intermediateSigningKey: z
      .looseObject({
        signedKey: z.string().meta({
          description: "JSON as text, with `keyValue` (Base64 of a SubjectPublicKeyInfo) and `keyExpiration`.",
          examples: [signedKeyExample],
        }),
        signatures: z
          .array(z.string())
          .meta({ description: "By Google's root keys; one that verifies is enough.", examples: [["MEQCIGXqWq0o…"]] }),
      })
      .meta({ description: "The key that signed, vouched for by Google.", examples: [intermediateExample] }),
    protocolVersion: z
      .literal("ECv2SigningOnly")
      .meta({ description: "The one scheme that is taken.", examples: ["ECv2SigningOnly"] }),
    signedMessage: z.string().meta({
      description:
        "JSON as text, with `eventType` (`save` or `del`), `classId` and `objectId` (or `externalPassId`), `expTimeMillis` and `nonce`.",
      examples: [signedMessageExample],
    }),
  })
  .meta({
    id: "GoogleCallback",
    description:
      "A message that Google signed: https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions",
    examples: [callbackExample],
  });

/** What Google Wallet tells when somebody adds a pass or removes it. */
export const googleCallbacks = new Hono<AppEnv>().post(
  "/",
  operation({
    id: "receiveGoogleCallback",
    tag: "Google",
    summary: "Receive a callback of Google Wallet",
    description:
      "Google calls it when a holder adds a pass to Google Wallet (`save`) or removes it (`del`): its URL stands in every class that is made. Nobody else can: the body is signed by Google for the account's issuer (`ECv2SigningOnly`). It moves `installs` of the pass and the totals of its template and the account, once for each nonce. What was refused, and why, is told by `GET /v2/google/account`.",
    access: "public",
    requestExample: callbackExample,
    responses: {
      200: { description: "The message is counted." },
      204: {
        description:
          "Acknowledged, and nothing changed: the message was processed before, is about no pass of this account, or of a kind that is not known.",
      },
    },
    errors: [
      "malformed_callback",
      "unsupported_signature_scheme",
      "invalid_callback_signature",
      "callback_expired",
      "not_found",
      "body_too_large",
      "rate_limited",
      "temporarily_unavailable",
    ],
  }),
  validate(
    "param",
    z.object({
      tenantId: z.string().meta({ description: "Id of the account.", examples: [exampleId("tenant")] }),
    }),
  ),
  guarded((c) => ({ callback: networkKey(c.get("base"), c.req.param("tenantId") ?? "") })),
  describe("json", callbackBody),
  async (c) => {
    const recipient = await findRecipient(c.get("base"), c.req.valid("param").tenantId);
    c.set("tenant", recipient.ctx);
    const counted = await receiveCallback(recipient, await c.req.text().catch(refuseBroken));
    return c.body(null, counted ? 200 : 204);
  },
);

function refuseBroken(cause: unknown): never {
  throw new ServiceError("malformed_callback", "The body broke off before its end.", { cause });
}
