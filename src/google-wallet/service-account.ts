import { pointerTo, type Issue } from "../pass-model/issue";
import { isObject } from "../pass-model/json";
import type { Json, JsonObject } from "../pass-model/resolved-pass";
import { readSaveKey } from "./save-key";

/**
 * The file that Google makes for a key of a service account: https://cloud.google.com/iam/docs/keys-create-delete.
 * Of its members these are read; the URLs among them are not, for requests go to Google only.
 */

export interface ServiceAccountFile {
  clientEmail: string;
  privateKeyId: string | null;
  privateKeyPkcs8: Uint8Array;
  /** Lowercase hex SHA-256 of the public key (DER, SubjectPublicKeyInfo). */
  keyFingerprint: string;
}

export type ServiceAccountResult = { ok: true; account: ServiceAccountFile } | { ok: false; issues: Issue[] };

const base = "#/serviceAccount";
const makeOne =
  "make one in the Google Cloud console under IAM & Admin, Service Accounts, Keys, Add key, Create new key, JSON, and send that file";

/** Other files that Google makes, by their `type`. */
const otherTypes: Record<string, string> = {
  authorized_user: "these are the credentials of a person, as gcloud writes them",
  external_account: "this is a configuration of workload identity federation, which holds no key",
  external_account_authorized_user: "these are the credentials of a person of workforce identity federation",
  impersonated_service_account: "this names a service account to impersonate, and holds no key of it",
  gdch_service_account: "this is a service account of Google Distributed Cloud",
};
/** Members under which a file of OAuth client credentials keeps everything. */
const oauthClients = ["web", "installed"];

/** `[^\s@/]`: the address is a part of names that are divided by a slash. */
const emailPattern = /^[^\s@/]{1,64}@[^\s@/]{1,190}$/;
const keyIdPattern = /^[A-Za-z0-9_-]{1,128}$/;

/** Takes the file as an object or as text. Never throws. */
export async function parseServiceAccount(input: Json): Promise<ServiceAccountResult> {
  const file = typeof input === "string" ? parseText(input) : input;
  if (!isObject(file)) return refuse([issue([], "invalid_service_account", notAFile)]);
  const wrongFile = wrongFileOf(file);
  if (wrongFile) return refuse([wrongFile]);
  const key = await readKey(file.private_key);
  const issues = [emailIssue(file.client_email), keyIdIssue(file.private_key_id), "pointer" in key ? key : null];
  const found = issues.filter((one) => one !== null);
  if (found.length > 0 || "pointer" in key) return refuse(found);
  const privateKeyId = (file.private_key_id as string | undefined) || null;
  return { ok: true, account: { clientEmail: file.client_email as string, privateKeyId, ...key } };
}

const notAFile = `expected the JSON file of a service account's key, which begins with {"type": "service_account"; ${makeOne}`;

/** A file that went through an environment variable can have its line breaks inside of strings, which JSON forbids. */
function parseText(text: string): Json {
  for (const candidate of [text, withEscapedBreaks(text)]) {
    try {
      return JSON.parse(candidate) as Json;
    } catch {
      // The next form, or none.
    }
  }
  return null;
}

function withEscapedBreaks(text: string): string {
  const parts = text.split(/(?<!\\)"/);
  return parts.map((part, index) => (index % 2 === 1 ? part.replace(/\r?\n/g, "\\n") : part)).join('"');
}

function wrongFileOf(file: JsonObject): Issue | null {
  const { type } = file;
  if (type === "service_account") return null;
  if (oauthClients.some((member) => isObject(file[member]))) {
    const detail = `this is the file of an OAuth client, and a service account's key was expected: ${makeOne}`;
    return issue([], "wrong_credential_type", detail);
  }
  if (type === undefined) return issue(["type"], "missing_value", `the member is required: ${notAFile}`);
  const what = typeof type === "string" && Object.hasOwn(otherTypes, type) ? otherTypes[type]! : null;
  const detail = what ? `${what}, and a service account's key was expected: ${makeOne}` : notAFile;
  return issue(["type"], "wrong_credential_type", detail);
}

async function readKey(
  member: Json | undefined,
): Promise<Issue | Omit<ServiceAccountFile, "clientEmail" | "privateKeyId">> {
  if (member === undefined || member === "") {
    return issue(
      ["private_key"],
      "missing_value",
      `the member is required: send the file as Google made it, or ${makeOne}`,
    );
  }
  if (typeof member !== "string") return issue(["private_key"], "wrong_type", "expected a string: the key in PEM");
  const key = await readSaveKey(member);
  return key.ok
    ? { privateKeyPkcs8: key.pkcs8, keyFingerprint: key.fingerprint }
    : issue(["private_key"], key.code, key.detail);
}

function emailIssue(member: Json | undefined): Issue | null {
  if (member === undefined || member === "") {
    return issue(["client_email"], "missing_value", "the member is required: the address of the service account");
  }
  if (typeof member === "string" && emailPattern.test(member)) return null;
  const detail = "expected the address of the service account, such as name@project.iam.gserviceaccount.com";
  return issue(["client_email"], typeof member === "string" ? "invalid_format" : "wrong_type", detail);
}

function keyIdIssue(member: Json | undefined): Issue | null {
  if (member === undefined || member === "" || (typeof member === "string" && keyIdPattern.test(member))) return null;
  const detail = "expected the key's id as Google wrote it into the file: letters, digits, - and _";
  return issue(["private_key_id"], typeof member === "string" ? "invalid_format" : "wrong_type", detail);
}

const issue = (path: string[], code: string, detail: string): Issue => ({
  pointer: pointerTo(base, path),
  code,
  detail,
});
const refuse = (issues: Issue[]): ServiceAccountResult => ({ ok: false, issues });
