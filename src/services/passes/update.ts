import { runBatch } from "../../db/client";
import type { PassOverrides } from "../../pass-model/overrides";
import type { Json } from "../../pass-model/resolved-pass";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import type { CustomerInput } from "../customers/upsert";
import { syncSoon } from "../google/due";
import { eventRow } from "../events/record";
import { mergePatch } from "../merge-patch";
import { changePass } from "./change";
import { readPass } from "./read";
import { assertVersion, nextRow, retryIfOvertaken, storeNext } from "./store-next";
import { statusOf, viewPass, type PassView } from "./view";

export interface PassPatch {
  /** Merged into the pass's values; null takes one away. */
  values?: Record<string, Json> | undefined;
  overrides?: { [key: string]: Json } | undefined;
  /** Null detaches the pass from its customer. */
  customer?: CustomerInput | null | undefined;
  /** Lock-screen text of this update, for the fields that it changes. */
  changeMessage?: string | undefined;
}

export interface PassReplacement {
  values: Record<string, unknown>;
  overrides: PassOverrides;
  customer?: CustomerInput | undefined;
  changeMessage?: string | undefined;
}

/** Merges (RFC 7396). `ifVersion` is the version that the caller saw; another one refuses the update. */
export function patchPass(
  ctx: TenantContext,
  id: string,
  patch: PassPatch,
  ifVersion: number | null,
): Promise<PassView> {
  const merge = () =>
    changePass(ctx, id, ifVersion, patch.changeMessage, ({ pass }) => ({
      values: mergePatch(pass.fieldValues, patch.values ?? {}) as Record<string, unknown>,
      overrides: mergePatch(pass.overrides as Json, patch.overrides ?? {}),
      customerId: patch.customer === undefined ? pass.customerId : (patch.customer?.id ?? null),
      customer: patch.customer ?? undefined,
    }));
  return orDone(ctx, ctx.data, merge, async () => viewPass(ctx, await readPass(ctx, id)));
}

/** Replaces values and overrides whole. */
export function replacePass(
  ctx: TenantContext,
  id: string,
  content: PassReplacement,
  ifVersion: number | null,
): Promise<PassView> {
  return changePass(ctx, id, ifVersion, content.changeMessage, () => ({
    values: content.values,
    overrides: content.overrides as Json,
    customerId: content.customer?.id ?? null,
    customer: content.customer,
  }));
}

/** Voids: wallets show the pass void, its links stop, it stays readable. A second call changes nothing. */
export async function voidPass(ctx: TenantContext, id: string, ifVersion: number | null): Promise<PassView> {
  for (let attempt = 1; ; attempt += 1) {
    const file = await readPass(ctx, id);
    assertVersion(file.pass, ifVersion);
    if (file.pass.voidedAt !== null) return viewPass(ctx, file);
    const next = { ...nextRow(ctx, file.pass, "voided", ["#/status"]), announcement: null, voidedAt: ctx.now };
    try {
      const before = { status: statusOf(file.pass, ctx.now), version: file.pass.version };
      const after = { status: statusOf(next, ctx.now), version: next.version };
      const changes = diffOf(before, after, ["status", "version"]);
      await runBatch(ctx.data, [
        auditRow(ctx, ctx.data, { action: "pass.voided", objectId: id, changes }),
        ...storeNext(ctx, file.pass, next),
        eventRow(ctx, {
          type: "pass.voided",
          at: next.updatedAt,
          passId: id,
          templateId: next.templateId,
          data: { version: next.version },
        }),
      ]);
      return viewPass(ctx, { ...file, pass: next, googleObject: await syncSoon(ctx, file.googleObject, true) });
    } catch (error) {
      retryIfOvertaken(error, attempt, ifVersion);
    }
  }
}
