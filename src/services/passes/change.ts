import { runBatch } from "../../db/client";
import type { CustomerRow } from "../../db/data-schema";
import type { Warning } from "../../pass-model/resolved-pass";
import { findDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { syncSoon } from "../google/due";
import { readCustomer } from "../customers/upsert";
import { ServiceError } from "../errors";
import type { TakenSources } from "./own-images";
import { prepareUpdate, type WantedContent } from "./prepare-update";
import { readPass, type PassFile } from "./read";
import { assertVersion, pictureIsGone, retryIfOvertaken } from "./store-next";
import { viewPass, type PassView } from "./view";

/** Reads, asks `change` what the pass should be, and stores it if it is not; again, if another was faster. */
export async function changePass(
  ctx: TenantContext,
  id: string,
  ifVersion: number | null,
  changeMessage: string | undefined,
  change: (file: PassFile) => WantedContent,
): Promise<PassView> {
  const taken: TakenSources = new Map();
  for (let attempt = 1; ; attempt += 1) {
    const file = await readPass(ctx, id);
    if (file.pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided and cannot be changed.");
    assertVersion(file.pass, ifVersion);
    const update = await prepareUpdate(ctx, file, change(file), changeMessage, taken);
    if (update.statements.length === 0) return withWarnings(viewPass(ctx, file), await stillTrue(ctx, update.warnings));
    try {
      const { customerId } = update.pass;
      // Read in the batch that wrote it, so that no other request's change is taken for this one's.
      const reading = update.customerChanged && customerId !== null ? [readCustomer(ctx, customerId)] : [];
      const stored = await runBatch<CustomerRow[]>(ctx.data, [...update.statements, ...reading]);
      const customer = update.customerChanged ? (reading.length > 0 && stored?.[0]) || null : file.customer;
      const googleObject = await syncSoon(ctx, file.googleObject, file.pass.version !== update.pass.version);
      return withWarnings(viewPass(ctx, { ...file, pass: update.pass, customer, googleObject }), update.warnings);
    } catch (error) {
      retryIfOvertaken(error, attempt, ifVersion);
      if (pictureIsGone(error)) taken.clear();
    }
  }
}

/** Nothing is announced by a change that an attempt before made, under the same Idempotency-Key, and announced then. */
async function stillTrue(ctx: TenantContext, warnings: Warning[]): Promise<Warning[]> {
  const others = warnings.filter(({ code }) => code !== "nothing_to_announce");
  return others.length < warnings.length && (await findDone(ctx, ctx.data)) !== null ? others : warnings;
}

const withWarnings = (view: PassView, warnings: Warning[]): PassView => ({
  ...view,
  warnings: [...warnings, ...(view.warnings ?? [])],
});
