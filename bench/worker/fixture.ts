import { checkResolved, checkValues, resolvePass, type PassRecord } from "../../src/pass-model/resolve";
import { compileDesign, type CompiledDesign } from "../../src/pass-model/compile-design";
import type { ResolvedImages, ResolvedPass } from "../../src/pass-model/resolved-pass";
import { createPack, type Pack } from "../../src/pkpass/archive";
import { toPem } from "../../src/pkpass/pem";
import type { AppleIdentity } from "../../src/pkpass/project";
import {
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
  leafKeyAlgorithm,
} from "../../src/pkpass/sandbox-authority";
import { createSigner, type Signer } from "../../src/pkpass/sign";
import { designs } from "../designs";

/** What an isolate holds ready when a pass is asked for: compiled design, pack, signer. */
export interface Fixture {
  compiled: CompiledDesign;
  values: (serial: number) => Record<string, string | number>;
  images: ResolvedImages;
  pack: Pack;
  signer: Signer;
  key: CryptoKey;
  identity: AppleIdentity;
}

/** One key and its certificates, for both sides. */
export interface Credentials {
  certificate: Uint8Array;
  issuerCertificate: Uint8Array;
  pkcs8: Uint8Array;
}

export const subject = { passTypeIdentifier: "pass.bench.wepass", teamIdentifier: "BENCH00000" };
const tenant = { locale: "en", timeZone: "Europe/Berlin" };
const issuedAt = Date.parse("2026-05-01T18:30:00Z");

/**
 * The authority is RSA, as Apple's is, in place of the sandbox's P-256 one: node-forge, and so
 * passkit-generator, reads no other certificates.
 */
export async function makeCredentials(): Promise<Credentials> {
  const now = new Date();
  const { leaf: authority } = await generateSandboxKeys();
  const { leaf } = await generateSandboxKeys();
  const issuerCertificate = await issueAuthorityCertificate(authority, now);
  const issuer = { certificate: issuerCertificate, privateKey: authority.privateKey };
  const certificate = await issuePassCertificate(issuer, leaf.publicKey, subject, now);
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", leaf.privateKey)) as ArrayBuffer);
  return { certificate, issuerCertificate, pkcs8 };
}

export const toPems = ({ certificate, issuerCertificate, pkcs8 }: Credentials) => ({
  wwdr: toPem("CERTIFICATE", issuerCertificate),
  signerCert: toPem("CERTIFICATE", certificate),
  signerKey: toPem("PRIVATE KEY", pkcs8),
});

/** @param files File name to bytes, as they go into each pass. */
export async function makeFixture(
  name: keyof typeof designs,
  files: Record<string, Uint8Array>,
  credentials: Credentials,
): Promise<Fixture> {
  const { design, values } = designs[name];
  const result = compileDesign(design, "trusted");
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  const key = await crypto.subtle.importKey("pkcs8", credentials.pkcs8, leafKeyAlgorithm, false, ["sign"]);
  const identity = {
    ...subject,
    webServiceUrl: "https://bench.example.com/apple/BENCH000",
    authenticationToken: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  };
  const signer = await createSigner({ ...credentials, key });
  const fixture = {
    compiled: result.compiled,
    values,
    images: imagesOf(files),
    pack: createPack(files),
    signer,
    key,
    identity,
  };
  const issues = [
    ...checkValues(fixture.compiled, values(1)),
    ...checkResolved(resolve(fixture, recordOf(fixture, 1)), {}),
  ];
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return fixture;
}

/** A stored pass, another one for each serial. */
export function recordOf({ values }: Fixture, serial: number): PassRecord {
  const id = `pass_01JGFJJZ00${serial.toString(36).toUpperCase().padStart(16, "0")}`;
  return {
    id,
    serialNumber: id,
    externalId: null,
    customerId: null,
    templateId: "tmpl_01JGFJJZ00CEXQ1RD5D6W0KQYV",
    templateVersion: 1,
    version: 1,
    values: values(serial),
    overrides: {},
    images: {},
    announcement: null,
    issuedAt: issuedAt + serial * 1000,
    voided: false,
    personalized: false,
  };
}

export function resolve({ compiled, images }: Fixture, record: PassRecord): ResolvedPass {
  const result = resolvePass(compiled, record, tenant, images);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pass;
}

/** `logo@2x.png` as the slot `logo` at density `2x`. The digests are not read by what is measured. */
function imagesOf(files: Record<string, Uint8Array>): ResolvedImages {
  const images: ResolvedImages = {};
  for (const [path, bytes] of Object.entries(files)) {
    const [, slot, density = "1x"] = /^(icon|logo)(?:@(2x|3x))?\.png$/.exec(path) as unknown as [
      string,
      "icon" | "logo",
      "1x"?,
    ];
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    (images[slot] ??= {})[density] = { id: path, width: view.getUint32(16), height: view.getUint32(20), sha256: "" };
  }
  return images;
}
