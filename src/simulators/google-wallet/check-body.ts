import type { GoogleTypeName } from "../../google-wallet/fields/types";
import { validateGoogle } from "../../google-wallet/fields/validate";
import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";

const detailsMax = 20;
const detailCharactersMax = 300;
const callbackPath = "callbackOptions.url";

/**
 * Refuses what does not fit the field table, with every mistake in its place. What Google fetches or calls has to be
 * reachable over https, or nobody can save the pass.
 */
export function checkBody(type: GoogleTypeName, body: JsonObject, { allowHttp }: { allowHttp: boolean }): void {
  const misfits = validateGoogle(type, body)
    .filter(({ path }) => path !== callbackPath)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  const unreachable = [...fetchedUrls(body)]
    .filter(({ url }) => !isFetchable(url, allowHttp))
    .map(({ path }) => `${path}: must be an https URL`);
  const details = [...misfits, ...unreachable].map((detail) => detail.slice(0, detailCharactersMax));
  if (details.length === 0) return;
  throw new Refusal("invalid", `Request contains an invalid argument. ${details[0]}`, {
    details: details.slice(0, detailsMax),
  });
}

export function isFetchable(text: unknown, allowHttp: boolean): boolean {
  const url = typeof text === "string" ? URL.parse(text) : null;
  return url !== null && (url.protocol === "https:" || (allowHttp && url.protocol === "http:"));
}

/** Of pictures, and of the issuer's server. */
function* fetchedUrls(value: Json, path = ""): Generator<{ path: string; url: Json | undefined }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* fetchedUrls(item, `${path}[${index}]`);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const here = path === "" ? name : `${path}.${name}`;
      if (name === "sourceUri" && isObject(item)) yield { path: `${here}.uri`, url: item.uri };
      else if (here === callbackPath) yield { path: here, url: item };
      else yield* fetchedUrls(item, here);
    }
  }
}
