import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { attempt } from "../attempt";
import { isObject } from "../apple-json";
import { decodeBase64 } from "../pem";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at } from "./members";

/** `nfc` (Apple, Pass.NFC): what a reader gets, and the key by which it is encrypted. */

const messageBytesMax = 64;

export async function checkNfc({ nfc }: JsonObject): Promise<Finding[]> {
  if (!isObject(nfc)) return [];
  const { message, encryptionPublicKey, requiresAuthentication } = nfc;
  const findings: Finding[] = [];
  if (message !== null) {
    const bytes = typeof message === "string" ? new TextEncoder().encode(message).length : 0;
    const seen = typeof message === "string" ? `${bytes} bytes` : show(message);
    if (bytes < 1 || bytes > messageBytesMax) findings.push(found("nfc_message_invalid", at("nfc", "message"), seen));
  }
  if (encryptionPublicKey !== null && !(await isP256(encryptionPublicKey))) {
    const seen = encryptionPublicKey === undefined ? "it is missing" : show(encryptionPublicKey);
    findings.push(found("nfc_key_invalid", at("nfc", "encryptionPublicKey"), seen));
  }
  if (![undefined, null, true, false].includes(requiresAuthentication as boolean)) {
    const seen = `${show(requiresAuthentication)}; expected true or false`;
    findings.push(found("member_type_wrong", at("nfc", "requiresAuthentication"), seen));
  }
  return findings;
}

/** As OpenSSL writes it, compressed or not; WebCrypto reads the uncompressed form only. */
const spkiLengths = { compressed: 59, uncompressed: 91 };
const p256Algorithm = "30130607.2a8648ce3d0201.0608.2a8648ce3d030107".replaceAll(".", "");

async function isP256(json: Json | undefined): Promise<boolean> {
  const der = typeof json === "string" ? decodeBase64(json) : null;
  if (!der) return false;
  const head = attempt(() => Array.from(der.subarray(2, 23), (byte) => byte.toString(16).padStart(2, "0")).join(""));
  if (head !== p256Algorithm) return false;
  if (der.length === spkiLengths.compressed) return der[26] === 2 || der[26] === 3;
  if (der.length !== spkiLengths.uncompressed) return false;
  try {
    await crypto.subtle.importKey("spki", der.slice(), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}
