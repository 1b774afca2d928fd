import type { GoogleError } from "../../providers/google/contract";
import { driftMax, type Drift } from "../google-callbacks/read";
import type { GoogleAccount } from "./account";

/** What a check of an account found, and what to do about it. */
export interface Finding {
  code: FindingCode;
  severity: "error" | "warning" | "info";
  detail: string;
  remedy: string;
}

/** What a finding is told about. */
export interface Occurrence {
  account: Pick<GoogleAccount, "issuerId" | "clientEmail" | "privateKeyId">;
  error?: GoogleError;
  /** Of our clock; positive if it is ahead of Google's. */
  clockSkewMs?: number;
  /** The issuer that Google answered with; null if it named none. */
  otherIssuerId?: string | null;
  /** Callbacks that never came, and where they should have come. */
  missing?: Drift & { publicUrl: string };
}

interface Explanation {
  severity: Finding["severity"];
  detail: (occurrence: Occurrence) => string;
  remedy: (occurrence: Occurrence) => string;
}

const consoleUrl = "https://pay.google.com/business/console";
const cloudUrl = "https://console.cloud.google.com";

const explanations = {
  key_refused: {
    severity: "error",
    detail: ({ account, error }) =>
      `Google refuses the key${account.privateKeyId ? ` ${account.privateKeyId}` : ""} of ${account.clientEmail}${quoted(error)}.`,
    remedy: ({ account }) =>
      `The key was deleted, or the service account is disabled or gone. Open ${cloudUrl}/iam-admin/serviceaccounts, find ${account.clientEmail}, enable it if it is disabled, make a new key of type JSON under Keys, and send that file again with PUT /v2/google/account.`,
  },
  clock_skew: {
    severity: "error",
    detail: ({ clockSkewMs, error }) =>
      clockSkewMs === undefined
        ? `Google refuses the times in our request: the clock of this deployment is wrong${quoted(error)}.`
        : `The clock of this deployment is ${inWords(Math.abs(clockSkewMs))} ${clockSkewMs > 0 ? "ahead of" : "behind"} Google's.`,
    remedy: () =>
      "Google takes tokens and save links only while its clock and ours agree. Set the clock of the machine that runs this deployment by NTP, and check again. On Cloudflare the clock is right: check again in a minute.",
  },
  api_not_enabled: {
    severity: "error",
    detail: ({ error }) => `The Google Wallet API is not enabled in the service account's project${projectOf(error)}.`,
    remedy: ({ error }) => {
      const number = projectNumber(error);
      const project = number ? `?project=${number}` : "";
      return `Open ${cloudUrl}/apis/library/walletobjects.googleapis.com${project}, choose ${number ? `the project ${number}` : "the project that the service account belongs to"}, press Enable, and check again after a few minutes.`;
    },
  },
  not_a_console_user: {
    severity: "error",
    detail: ({ account }) => `Google does not let ${account.clientEmail} act for the issuer ${account.issuerId}.`,
    remedy: ({ account }) =>
      `Open the Google Pay & Wallet Console (${consoleUrl}) as its administrator, choose Users, then Invite a user, enter ${account.clientEmail} with the role Developer, and check again after a minute. If it stands there already, compare the issuer id: this account has ${account.issuerId}, and the console shows its own under Google Wallet API.`,
  },
  issuer_not_found: {
    severity: "error",
    detail: ({ account }) => `Google knows no issuer ${account.issuerId}.`,
    remedy: () =>
      `Open the Google Pay & Wallet Console (${consoleUrl}), choose Google Wallet API, copy the issuer ID from there, and send it as issuerId with PUT /v2/google/account. It is neither the merchant id nor the project number.`,
  },
  wrong_issuer: {
    severity: "error",
    detail: ({ account, otherIssuerId }) =>
      `Asked for the issuer ${account.issuerId}, Google answered with ${otherIssuerId ?? "one without an id"}.`,
    remedy: () =>
      `Open the Google Pay & Wallet Console (${consoleUrl}), choose Google Wallet API, copy the issuer ID from there, and send it as issuerId with PUT /v2/google/account.`,
  },
  google_refused: {
    severity: "error",
    detail: ({ error }) => `Google refuses the check${statusOf(error)}${quoted(error)}.`,
    remedy: () =>
      "Google's own words above say what it does not like. Compare issuerId and the service account's JSON with what Google shows, send both again with PUT /v2/google/account, and check again.",
  },
  google_unreachable: {
    severity: "error",
    detail: ({ error }) =>
      `Google could not be reached${quoted(error)}. Nothing is known to be wrong with the account.`,
    remedy: () =>
      "Check again in a minute. If it stays so, see whether this deployment may reach oauth2.googleapis.com and walletobjects.googleapis.com over HTTPS.",
  },
  google_busy: {
    severity: "error",
    detail: ({ error }) =>
      `Google does not answer at the moment${statusOf(error)}. Nothing is known to be wrong with the account.`,
    remedy: ({ error }) =>
      `Check again in ${error?.retryAfterSeconds ? inWords(error.retryAfterSeconds * 1000) : "a minute"}. A service account has 20 requests a second, which everything that uses it shares.`,
  },
  callbacks_missing: {
    severity: "warning",
    detail: ({ missing }) => `${missedIn(missing)}, so their installations are not counted right.`,
    remedy: ({ missing }) =>
      `Google posts to PUBLIC_URL (${missing?.publicUrl}): it must be reachable over HTTPS from outside, ${missing?.publicUrl}/robots.txt must let Googlebot fetch /api/, and no firewall, login or bot protection may stand before it. GET /v2/google/account shows what came and what was refused. Passes are compared once a day; the count of a pass follows with its next callback.`,
  },
  test_mode: {
    severity: "info",
    detail: () =>
      "Until Google has granted the issuer publishing access, passes carry [TEST ONLY], and only administrators and developers of the console and its test accounts can save them. The API does not tell whether it has.",
    remedy: () =>
      `For trials, add the Google accounts of your testers as test accounts in the Google Pay & Wallet Console (${consoleUrl}), under Google Wallet API. When the passes are right, request publishing access there; Google takes some business days for it.`,
  },
  simulator: {
    severity: "info",
    detail: () =>
      "This is a sandbox: Google is the simulator that comes with it. Nothing left for Google, and what was found says nothing of Google's own view.",
    remedy: () => "Nothing is to be done. To check an account at Google, connect it to a production deployment.",
  },
} as const satisfies Record<string, Explanation>;

export type FindingCode = keyof typeof explanations;
export const findingCodes = Object.keys(explanations) as [FindingCode, ...FindingCode[]];

export function findingOf(code: FindingCode, occurrence: Occurrence): Finding {
  const { severity, detail, remedy }: Explanation = explanations[code];
  return { code, severity, detail: detail(occurrence), remedy: remedy(occurrence) };
}

/** Which finding an error is, by what was asked for. */
const byKind: Record<"token" | "issuer", Partial<Record<GoogleError["kind"], FindingCode>>> = {
  token: { credentials: "key_refused", permission: "key_refused" },
  issuer: { credentials: "key_refused", permission: "not_a_console_user", not_found: "issuer_not_found" },
};
const byKindAnywhere: Partial<Record<GoogleError["kind"], FindingCode>> = {
  disabled: "api_not_enabled",
  busy: "google_busy",
  unreachable: "google_unreachable",
};

export function codeOfError(step: "token" | "issuer", error: GoogleError): FindingCode {
  if (error.kind === "credentials" && /\b(iat|exp)\b|timeframe|clock/i.test(error.message)) return "clock_skew";
  return byKind[step][error.kind] ?? byKindAnywhere[error.kind] ?? "google_refused";
}

function missedIn({ saves, removals } = { saves: 0, removals: 0 }): string {
  const parts = [
    ...(saves > 0 ? [`${passesOf(saves)} with holders of which no callback came`] : []),
    ...(removals > 0 ? [`${passesOf(removals)} of which no callback told that the last holder removed it`] : []),
  ];
  return `Google has ${parts.join(", and ")}`;
}

const passesOf = (count: number): string => {
  if (count >= driftMax) return `${driftMax.toLocaleString("en")} passes or more`;
  return count === 1 ? "1 pass" : `${count} passes`;
};

const quotedMax = 300;

const quoted = (error: GoogleError | undefined): string => {
  const message = error?.message.trim().replace(/[.\s]+$/, "") ?? "";
  return message === "" ? "" : `: "${message.slice(0, quotedMax)}"`;
};

function statusOf(error: GoogleError | undefined): string {
  const parts = [error?.status && `HTTP ${error.status}`, error?.reason].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

/** As Google tells it: "… has not been used in project 123456789012 before or it is disabled". */
const projectNumber = (error: GoogleError | undefined): string | undefined =>
  /\bproject[ =](\d{5,})/.exec(error?.message ?? "")?.[1];

function projectOf(error: GoogleError | undefined): string {
  const number = projectNumber(error);
  return number ? `, ${number}` : "";
}

function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
