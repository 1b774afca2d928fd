import type { ErrorCode } from "../../src/services/errors";
import { sealBody } from "../../src/services/idempotency/sealed-body";
import { ledgerOf, markOf, underOtherMasterKey, unreachable, withLedger } from "../support/idempotency";
import { exampleRequest, sharedWorld, send, type Operation } from "./operations";
import type { Producer } from "./producers";

/** How the error codes are provoked that every operation has which takes an Idempotency-Key. */

const takesKey = ({ spec }: Operation): boolean =>
  ((spec.parameters ?? []) as { name: string }[]).some(({ name }) => name === "Idempotency-Key");

const withSecrets = new Set(["createApiKey", "rotateApiKey"]);

/** Sends the example under a key that `occupy` has put to use. */
const underKey =
  (
    occupy: (of: { ledger: ReturnType<typeof ledgerOf>; keyHash: string; fingerprint: string }) => Promise<void>,
  ): Producer =>
  async (operation) => {
    const world = await sharedWorld();
    const request = exampleRequest(operation, world);
    const key = `producer ${crypto.randomUUID()}`;
    const caller = withSecrets.has(operation.id) ? world.tenant.keyId : null;
    const mark = await markOf({ ...request, tenantId: world.tenant.id, key, caller });
    await occupy({ ledger: ledgerOf(world.tenant.id, mark), ...mark });
    return send(request, { headers: { "idempotency-key": key } });
  };

const producers: Partial<Record<ErrorCode, Producer>> = {
  validation_error: async (operation) =>
    send(exampleRequest(operation, await sharedWorld()), { headers: { "idempotency-key": "x".repeat(256) } }),
  idempotency_in_progress: underKey(async ({ ledger, keyHash, fingerprint }) => {
    await ledger.begin({ keyHash, fingerprint });
  }),
  idempotency_key_reused: underKey(async ({ ledger, keyHash }) => {
    await ledger.begin({ keyHash, fingerprint: "of another request" });
  }),
  master_key_mismatch: underKey(async ({ ledger, keyHash, fingerprint }) => {
    const begun = await ledger.begin({ keyHash, fingerprint });
    if (begun.kind !== "new") throw new Error(begun.kind);
    const [body] = await sealBody(underOtherMasterKey, new TextEncoder().encode("{}"));
    await ledger.complete(begun.attempt, { status: 200, headers: {}, errorCode: null, body: body!, file: null });
  }),
  temporarily_unavailable: async (operation) =>
    send(exampleRequest(operation, await sharedWorld()), {
      headers: { "idempotency-key": "key" },
      env: withLedger({ begin: unreachable }),
    }),
};

export const idempotencyProducer = (operation: Operation, code: ErrorCode): Producer | undefined =>
  takesKey(operation) ? producers[code] : undefined;
