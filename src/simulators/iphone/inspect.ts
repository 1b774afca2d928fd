import type { JsonObject } from "../../pass-model/resolved-pass";
import { examine } from "../../pkpass/doctor/examine";
import { wwdrFingerprints } from "../../pkpass/wwdr";
import type { Answer } from "./web-service";

/** Why Wallet does not take a file. */
export interface Fault {
  /** Stable, snake_case: of a finding of the doctor, or of this phone. */
  code: string;
  seen: string;
}

/** What was to be added is not what it should be; the message names each reason. */
export class PassRefused extends Error {
  readonly faults: Fault[];

  constructor(faults: Fault[]) {
    super(`Wallet does not take this: ${faults.map(({ code, seen }) => `${code} (${seen})`).join("; ")}.`);
    this.faults = faults;
  }
}

export interface Trust {
  /** DER of authorities whose passes are trusted beside Apple's. */
  authorities: Uint8Array[];
  /** Epoch milliseconds. */
  now: number;
}

export type Inspection =
  | { ok: true; pass: JsonObject; files: Record<string, Uint8Array> }
  | { ok: false; faults: Fault[] };

const mediaType = "application/vnd.apple.pkpass";

/** What Wallet checks before it takes a file that came by HTTP: the type, the archive, manifest, signature and content. */
export async function inspect({ status, headers, bytes }: Answer, trust: Trust): Promise<Inspection> {
  if (status === 0) return refused("no_connection", "no answer");
  if (status !== 200) return refused("unexpected_status", `status ${status}`);
  const type = headers.get("content-type") ?? "no content type";
  // Parameters do no harm.
  if (type.split(";")[0]!.trim().toLowerCase() !== mediaType) return refused("media_type_wrong", type);
  const { pass, files, findings } = await examine(bytes, { ...trust, issuerFingerprints: wwdrFingerprints, mediaType });
  const faults = findings.filter(({ severity }) => severity === "error").map(({ code, seen }) => ({ code, seen }));
  if (faults.length > 0) return { ok: false, faults };
  return pass && files ? { ok: true, pass, files } : refused("no_pass", "a file that is no pass");
}

const refused = (code: string, seen: string): Inspection => ({ ok: false, faults: [{ code, seen }] });

/** Members of pass.json that never change while a pass is installed (Apple, "Updating a Pass"). */
const identity = ["passTypeIdentifier", "serialNumber", "authenticationToken"];

export function changedIdentity(before: JsonObject, after: JsonObject): Fault[] {
  return identity
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ code: "identity_changed", seen: `another ${name}` }));
}
