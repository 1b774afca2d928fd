import { examine, type Examination } from "../../pkpass/doctor";
import type { BaseContext } from "../context";
import { readAuthorityCertificate } from "./sandbox-identity";

export type { Examination, ExaminationFacts, Finding } from "../../pkpass/doctor";

export interface AppleFile {
  bytes: Uint8Array;
  password?: string | undefined;
  /** The Content-Type under which the file is delivered, if that is to be checked. */
  mediaType?: string | undefined;
}

/** More than an isolate should hold beside the file itself; passes have a tenth of it. */
const unpackedBytesMax = 48_000_000;

/** Examines a pass, a certificate or a key. In a sandbox its own authority counts as trusted. Nothing is stored. */
export async function examineAppleFile(
  ctx: BaseContext,
  { bytes, password, mediaType }: AppleFile,
): Promise<Examination> {
  const authorities = ctx.environment === "sandbox" ? [await readAuthorityCertificate(ctx)] : [];
  return examine(bytes, {
    now: ctx.now,
    authorities,
    issuerFingerprints: ctx.wwdr.fingerprints,
    unpackedBytesMax,
    ...(password !== undefined && { password }),
    ...(mediaType !== undefined && { mediaType }),
  });
}
