import type { GoogleObjectRow } from "../../db/data-schema";
import { signFat, signSkinny, type SaveInput } from "../../google-wallet/save-link";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { resolveFile, type PassFile } from "../passes/read";
import { requireGoogleAccount, type GoogleAccount } from "./account";
import { noteOffered, noteWanted, readObject } from "./begin";
import { deliver } from "./deliver";
import { enqueueSync } from "./due";
import { claimDue, settle } from "./lease";
import { objectIdOf, payloadOf } from "./project";
import { serviceAccountOf } from "./service-account";

/** A person waits for the page. */
const openingMs = 10_000;
const waitMsMax = 5000;

/**
 * A fresh link that saves the pass to Google Wallet. Class and object are made when it is first asked for; after
 * that a link costs no call to Google. Throws `google_not_configured`, and `temporarily_unavailable` if Google does not
 * take the pass, with seconds if that can pass by itself.
 */
export async function openSaveLink(ctx: TenantContext, file: PassFile): Promise<string> {
  const account = await requireGoogleAccount(ctx);
  const objectId = objectIdOf(account.issuerId, file.pass.id);
  const row = file.googleObject?.id === objectId ? file.googleObject : null;
  if (row && isMade(row)) return skinnyLink(ctx, account, row);
  const fat = account.saveLink === "fat" ? await fatLink(ctx, account, file, row) : null;
  return fat ?? skinnyLink(ctx, account, await makeObject(ctx, account, file.pass.id));
}

const isMade = ({ syncedVersion, inLink }: GoogleObjectRow): boolean => syncedVersion > 0 && !inLink;

/** Brings the pass to Google. First comes its row, so that a crash leaves something that cron goes on with. */
async function makeObject(ctx: TenantContext, account: GoogleAccount, passId: string): Promise<GoogleObjectRow> {
  await noteWanted(ctx, passId, objectIdOf(account.issuerId, passId));
  const { claimed, held } = await claimDue(ctx, [passId]);
  if (held.length > 0) throw notYet("Another request is bringing the pass to Google.", 2);
  const patience = { deadline: ctx.now + openingMs, waitMsMax };
  const [delivered] = claimed.length > 0 ? await deliver(ctx, account, claimed, patience) : [];
  if (!delivered) return readMade(ctx, passId);
  const again = await settle(ctx, [delivered]);
  // Changed while it was on its way.
  if (again.length > 0) await enqueueSync(ctx, passId);
  const { row, error } = delivered;
  if (!error) return row;
  ctx.log({ level: "error", msg: "google object not made", passId, code: error.code });
  const seconds = error.retryAfterSeconds;
  throw notYet("Google does not take the pass.", seconds !== null && seconds <= 60 ? seconds : null);
}

/** Another request made it between our reading and our writing. */
async function readMade(ctx: TenantContext, passId: string): Promise<GoogleObjectRow> {
  const row = await readObject(ctx, passId);
  if (!row || !isMade(row)) throw notYet("The pass is on its way to Google.", 2);
  return row;
}

/** The whole pass within the link: Google makes class and object when it is saved. Null if that is too long for a link. */
async function fatLink(
  ctx: TenantContext,
  account: GoogleAccount,
  file: PassFile,
  row: GoogleObjectRow | null,
): Promise<string | null> {
  const resolved = resolveFile(ctx, file);
  const payload = await payloadOf(ctx, resolved, account.issuerId, row);
  const { vertical, class: body, object } = payload;
  if (!body) return null;
  const jwt = await signFat({ ...(await signer(ctx, account)), vertical, class: body, object });
  if (jwt === null) return null;
  await noteOffered(ctx, resolved, payload);
  return ctx.google.saveUrl(jwt);
}

async function skinnyLink(ctx: TenantContext, account: GoogleAccount, row: GoogleObjectRow): Promise<string> {
  const { vertical, id, classId } = row;
  const object = { id, classId: classId! };
  return ctx.google.saveUrl(await signSkinny({ ...(await signer(ctx, account)), vertical, object }));
}

async function signer(ctx: TenantContext, account: GoogleAccount): Promise<Omit<SaveInput, "vertical">> {
  const { clientEmail, signingKey } = await serviceAccountOf(ctx, account);
  return { account: { clientEmail }, key: await signingKey(), origins: [], now: ctx.now };
}

const notYet = (detail: string, retryAfterSeconds: number | null) =>
  new ServiceError("temporarily_unavailable", detail, retryAfterSeconds === null ? {} : { retryAfterSeconds });
