import type { JsonObject } from "../../pass-model/resolved-pass";
import { fieldsOf } from "./pass-fields";
import { shownValue, type Region } from "./shown-value";
import { validatorsOf, type Answer, type Service } from "./web-service";

/** A pass as a phone keeps it. */
export interface InstalledPass {
  passTypeIdentifier: string;
  serialNumber: string;
  /** The one that came first: a pass that is added again does not change it. */
  authenticationToken: string | null;
  /** Null for a pass that never changes. */
  service: Service | null;
  /** pass.json. */
  pass: JsonObject;
  files: Record<string, Uint8Array>;
  /** As the web service sent them, to be sent back. */
  lastModified: string | null;
  etag: string | null;
  /** `refused` after a 401: the phone keeps the pass and asks no more. */
  registration: "none" | "pending" | "registered" | "refused";
}

/** Type and serial number together are one pass, whatever else differs (Apple, PKPass). */
export const keyOf = ({
  passTypeIdentifier,
  serialNumber,
}: Pick<InstalledPass, "passTypeIdentifier" | "serialNumber">): string =>
  JSON.stringify([passTypeIdentifier, serialNumber]);

/** The pass of a file that was found good. */
export function newlyInstalled(pass: JsonObject, files: InstalledPass["files"], answer: Answer): InstalledPass {
  const { webServiceURL, authenticationToken } = pass;
  const { passTypeIdentifier, serialNumber } = pass as Record<"passTypeIdentifier" | "serialNumber", string>;
  const updatable = typeof webServiceURL === "string" && typeof authenticationToken === "string";
  const service = updatable && isSecure(webServiceURL) ? { url: webServiceURL, passTypeIdentifier } : null;
  return {
    passTypeIdentifier,
    serialNumber,
    authenticationToken: updatable ? authenticationToken : null,
    service,
    pass,
    files,
    ...validatorsOf(answer),
    registration: service ? "pending" : "none",
  };
}

/** https; or this machine, which is what the developer setting "Allow HTTP Services" is for. */
function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));
}

/** The manifest names every file by its digest. */
export function sameFiles(a: InstalledPass, b: InstalledPass): boolean {
  const [one, other] = [a.files["manifest.json"], b.files["manifest.json"]];
  return one?.length === other?.length && (one?.every((byte, index) => byte === other![index]) ?? true);
}

export interface ShownPass extends Pick<
  InstalledPass,
  "passTypeIdentifier" | "serialNumber" | "pass" | "files" | "lastModified" | "etag" | "registration"
> {
  /** What the service last called the state of this pass type on this phone. */
  tag: string | null;
  /** Field key to what a person reads. */
  front: Record<string, string>;
  back: Record<string, string>;
  voided: boolean;
  expired: boolean;
}

/** What a person sees of a pass at `now`, in epoch milliseconds. */
export function showPass(installed: InstalledPass, tag: string | null, now: number, region: Region): ShownPass {
  const { authenticationToken: _, service: __, ...kept } = installed;
  const fields = [...fieldsOf(installed.pass).values()];
  const side = (wanted: "front" | "back") =>
    Object.fromEntries(
      fields.filter((field) => field.side === wanted).map((field) => [field.key, shownValue(field, region)]),
    );
  const { voided, expirationDate } = installed.pass;
  return {
    ...kept,
    tag,
    front: side("front"),
    back: side("back"),
    voided: voided === true,
    expired: typeof expirationDate === "string" && Date.parse(expirationDate) <= now,
  };
}
