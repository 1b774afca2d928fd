import type { CustomerRow, PassRow } from "../../db/data-schema";
import type { ResolvedImages, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import { imageSizeWarnings } from "../../pkpass/image-sizes";
import { projectPassJson } from "../../pkpass/project";
import type { TenantContext } from "../context";
import { appleIdentityOf } from "./apple";
import { ownImagesOf } from "./own-images";
import { resolveFile, type PassFile } from "./read";
import { decidedVertical, projectFor } from "../google/project";
import { viewGooglePass, type GooglePassView } from "../google/view";
import { whyNotSignable, type Certificate } from "./signable";

export type PassStatus = "active" | "expired" | "voided";

/** A pass as verbs answer it. */
export interface PassView {
  pass: PassRow;
  status: PassStatus;
  customer: CustomerRow | null;
  /** Null in lists, where they are not worked out. */
  warnings: Warning[] | null;
  links: PassLinks;
  /** The pass at Google; null until its holder first asked for it there, and in lists. */
  google: GooglePassView | null;
}

interface PassLinks {
  /** For people: the page, or the file, whichever the device takes. Null once the link is revoked. */
  page: string | null;
  /** Null without a certificate. Under one that has expired it stays: a renewal opens it again. */
  apple: string | null;
  /** Null while the account is not connected to Google. */
  google: string | null;
}

/** For which wallets links can lead somewhere. */
interface Wallets {
  apple: boolean;
  google: boolean;
}

export function statusOf(pass: Pick<PassRow, "voidedAt" | "expiresAt">, now: number): PassStatus {
  if (pass.voidedAt !== null) return "voided";
  return pass.expiresAt !== null && pass.expiresAt <= now ? "expired" : "active";
}

type ViewedFile = Omit<PassFile, "identity"> & { identity: Certificate | null };

export function viewPass(ctx: TenantContext, file: ViewedFile, resolved = resolveFile(ctx, file)): PassView {
  const { pass, customer, identity } = file;
  return {
    pass,
    status: statusOf(pass, ctx.now),
    customer,
    warnings: passWarnings(ctx, file, resolved),
    links: linksOf(ctx, pass, { apple: identity !== null, google: isConnected(ctx, file) }),
    google: file.googleObject && viewGooglePass(file.googleObject, ctx.now),
  };
}

/** In a sandbox every account is. */
export const isConnected = (
  { environment }: Pick<TenantContext, "environment">,
  { googleIssuerId }: Pick<PassFile, "googleIssuerId">,
): boolean => environment === "sandbox" || googleIssuerId !== null;

export function listedPass(ctx: TenantContext, pass: PassRow, wallets: Wallets): PassView {
  const links = linksOf(ctx, pass, wallets);
  return { pass, status: statusOf(pass, ctx.now), customer: null, warnings: null, links, google: null };
}

function passWarnings(ctx: TenantContext, file: ViewedFile, resolved: ResolvedPass): Warning[] {
  const own = ownImagesOf(file.pass);
  const warnings = [
    ...projectPassJson(resolved, appleIdentityOf(ctx, file)).warnings.map((warning) => ofThePass(warning, own)),
    ...imageSizeWarnings(own, "#/overrides/images"),
  ];
  const unsignable = whyNotSignable(ctx, file.identity, resolved);
  if (unsignable) {
    warnings.push({ code: unsignable.warning, pointer: "#/links/apple", detail: unsignable.detail });
  }
  if (isConnected(ctx, file)) {
    // No account is needed: the issuer stands in ids only.
    const options = { issuerId: file.googleIssuerId ?? "0", vertical: decidedVertical(file.googleObject) };
    warnings.push(...projectFor(ctx, resolved, options).warnings.map((warning) => ofThePass(warning, own)));
  } else {
    const detail = "the account is not connected to Google Wallet, so the pass has no Google link yet";
    warnings.push({ code: "google_not_configured", pointer: "#/links/google", detail });
  }
  return warnings;
}

/** A picture of the pass itself stands among its overrides. */
function ofThePass(warning: Warning, own: ResolvedImages): Warning {
  const [, slot] = /^#\/images\/(\w+)$/.exec(warning.pointer) ?? [];
  return slot !== undefined && Object.hasOwn(own, slot)
    ? { ...warning, pointer: `#/overrides/images/${slot}` }
    : warning;
}

function linksOf(ctx: TenantContext, pass: PassRow, { apple, google }: Wallets): PassLinks {
  if (pass.linkToken === null) return { page: null, apple: null, google: null };
  const page = `${ctx.publicUrl}/p/${pass.linkToken}`;
  return { page, apple: apple ? `${page}/apple` : null, google: google ? `${page}/google` : null };
}
