import { encodedCharactersMax, type ProfileFailure } from "../../google-wallet/signup/profile";
import { urlCharactersMax, type UrlFailure } from "../../google-wallet/signup/relative-url";
import type { Issue } from "../../pass-model/issue";
import { ServiceError } from "../errors";

/** What was expected of each parameter. No word of what was sent stands in an answer. */

const ofProfile: Record<ProfileFailure, string> = {
  too_long: `expected at most ${encodedCharactersMax.toLocaleString("en")} characters`,
  not_base64: "expected Base64 (RFC 4648), standard or URL-safe, padded or not",
  not_utf8: "expected Base64 of UTF-8",
  not_json: "expected Base64 of JSON",
  not_an_object: "expected Base64 of a JSON object",
};

const ofUrl: Record<UrlFailure, string> = {
  too_long: `expected at most ${urlCharactersMax.toLocaleString("en")} characters`,
  half_surrogate: "half a surrogate pair is no character",
  control_character: "control characters are not allowed, nor encoded ones in the path",
  surrounding_whitespace: "whitespace at the ends is not allowed, nor encoded at those of the path",
  backslash: "a backslash is not allowed, nor an encoded one in the path",
  scheme: "expected a path of the account's own site, without a scheme; before its first slash there may be no colon",
  double_slash: "expected a path of the account's own site, without //",
  dot_segment: "the segments . and .. are not allowed",
  bad_percent_encoding: "the path may be percent-encoded UTF-8, at most eight times over",
  outside_site: "expected a path of the account's own site",
};

/** Where a value came from: a parameter of the query, or a member of the form. */
export interface Parameter {
  name: string;
  in: "form" | "query";
}

export const profileIssue = (parameter: Parameter, reason: ProfileFailure): Issue =>
  issueAt(parameter, reason, ofProfile[reason]);

export const urlIssue = (reason: UrlFailure): Issue => issueAt({ name: "url", in: "query" }, reason, ofUrl[reason]);

export function issueAt({ name, in: place }: Parameter, code: string, detail: string): Issue {
  const issue: Issue & { in?: string } = {
    pointer: `#/${name}`,
    code,
    detail,
    ...(place === "query" && { in: place }),
  };
  return issue;
}

export function invalid(errors: Issue[]): ServiceError {
  const count = errors.length === 1 ? "1 parameter" : `${errors.length} parameters`;
  return new ServiceError("validation_error", `${count} of the request cannot be accepted.`, { errors });
}
