import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp } from "../http/schemas";
import type { KeyWithUse } from "../services/credentials/list";
import type { KeyUsageReport } from "../services/credentials/usage";
import { allScopes, type Scope } from "../services/scopes";

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "What the key is for.", examples: ["Till at the station"] });
const scopeList = z.array(z.enum(allScopes as [Scope, ...Scope[]])).meta({
  description: "What the key may do.",
  examples: [["passes:read", "passes:write"]],
});

export const keyExample = {
  object: "apiKey",
  id: exampleId("key"),
  keyId: "K7X2M9QA4T8WBC0E9H",
  name: "Till at the station",
  scopes: ["passes:read", "passes:write"],
  status: "active",
  createdAt: "2026-05-01T16:30:00.000Z",
  expiresAt: null,
  revokedAt: null,
  rotatedTo: null,
  lastUsedAt: "2026-05-02T08:00:00.000Z",
  lastUsedAddress: "203.0.113.7",
};

export const createdKeyExample = {
  ...keyExample,
  lastUsedAt: null,
  lastUsedAddress: null,
  token: "wp_test_K7X2M9QA4T8WBC0E9H_…",
};

export const apiKeySchema = z
  .object({
    object: z.literal("apiKey").meta({ description: "Always `apiKey`.", examples: ["apiKey"] }),
    id: idOf("key", "Id of the key."),
    keyId: z.string().meta({
      description: "Public part of the token; it never authenticates alone.",
      examples: ["K7X2M9QA4T8WBC0E9H"],
    }),
    name,
    scopes: scopeList,
    status: z.enum(["active", "expired", "revoked"]).meta({ description: "Whether it works.", examples: ["active"] }),
    createdAt: timestamp("When it was made."),
    expiresAt: timestamp("When it stops working; null if never.").nullable(),
    revokedAt: timestamp("When it was revoked; null if it was not.").nullable(),
    rotatedTo: idOf("key", "Key that replaces this one; null if none does.").nullable(),
    lastUsedAt: timestamp("When it was last used; null if never.").nullable(),
    lastUsedAddress: z
      .string()
      .nullable()
      .meta({ description: "IP address of the last use.", examples: ["203.0.113.7"] }),
  })
  .meta({ id: "ApiKey", description: "An API key, without its secret.", examples: [keyExample] });

export const createdKeySchema = apiKeySchema
  .extend({
    token: z.string().meta({
      description: "The whole bearer token. It is shown this once.",
      examples: [createdKeyExample.token],
    }),
  })
  .meta({
    id: "CreatedApiKey",
    description: "An API key with its token, which is shown this once.",
    examples: [createdKeyExample],
  });

export function apiKeyJson(key: KeyWithUse, now = key.createdAt) {
  const expired = key.expiresAt !== null && key.expiresAt <= now;
  return {
    object: "apiKey" as const,
    id: key.id,
    keyId: key.keyId,
    name: key.name,
    scopes: key.scopes as Scope[],
    status: key.revokedAt !== null ? ("revoked" as const) : expired ? ("expired" as const) : ("active" as const),
    createdAt: isoTime(key.createdAt),
    expiresAt: key.expiresAt === null ? null : isoTime(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : isoTime(key.revokedAt),
    rotatedTo: key.rotatedTo,
    lastUsedAt: key.use ? isoTime(key.use.lastUsedAt) : null,
    lastUsedAddress: key.use?.lastUsedAddress ?? null,
  };
}

const usageExample = {
  object: "apiKeyUsage",
  id: exampleId("key"),
  days: [
    { date: "2026-05-02", requests: 4711 },
    { date: "2026-05-01", requests: 0 },
  ],
  addresses: [
    { address: "203.0.113.7", firstSeenAt: "2026-05-01T16:30:00.000Z", lastSeenAt: "2026-05-02T08:00:00.000Z" },
    { address: "2001:db8:1:2::/64", firstSeenAt: "2026-05-01T17:00:00.000Z", lastSeenAt: "2026-05-01T18:00:00.000Z" },
  ],
};

export const usageSchema = z
  .object({
    object: z.literal("apiKeyUsage").meta({ description: "Always `apiKeyUsage`.", examples: ["apiKeyUsage"] }),
    id: idOf("key", "Id of the key."),
    days: z
      .array(
        z.object({
          date: z.iso.date().meta({ description: "Day, in UTC.", examples: ["2026-05-02"] }),
          requests: z.int().meta({
            description: "Requests that were counted under the limits: not those that were refused for them.",
            examples: [4711],
          }),
        }),
      )
      .meta({ description: "The last 30 days, today first.", examples: [usageExample.days] }),
    addresses: z
      .array(
        z.object({
          address: z.string().meta({
            description: "IPv4 address, or the network of an IPv6 address, its /64.",
            examples: ["203.0.113.7"],
          }),
          firstSeenAt: timestamp("When the key was first used from there."),
          lastSeenAt: timestamp("When it was last used from there."),
        }),
      )
      .meta({
        description: "From where it was used, the latest first: the last 100.",
        examples: [usageExample.addresses],
      }),
  })
  .meta({
    id: "ApiKeyUsage",
    description: "How much a key is used, and from where.",
    examples: [usageExample as never],
  });

export const createBody = z
  .strictObject({
    name,
    scopes: scopeList.min(1),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({
        description: "When it stops working. ISO 8601 with an offset, in the future.",
        examples: ["2027-01-01T00:00:00Z"],
      }),
  })
  .meta({ id: "NewApiKey", description: "A key to be made.", examples: [{ name: "Till", scopes: ["passes:read"] }] });

const daySeconds = 86_400;

export const rotateBody = z
  .strictObject({
    windowSeconds: z
      .int()
      .min(0)
      .max(30 * daySeconds)
      .default(daySeconds)
      .meta({
        description: "For how long the old key goes on working: 0 to 30 days, by default 24 hours.",
        examples: [86_400],
      }),
  })
  .meta({ id: "Rotation", description: "How to rotate.", examples: [{ windowSeconds: 3600 }] });

export const usageJson = ({ id, days, networks }: KeyUsageReport) => ({
  object: "apiKeyUsage" as const,
  id,
  days,
  addresses: networks.map(({ network, firstSeenAt, lastSeenAt }) => ({
    address: network,
    firstSeenAt: isoTime(firstSeenAt),
    lastSeenAt: isoTime(lastSeenAt),
  })),
});
