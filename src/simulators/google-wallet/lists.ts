import type { JsonObject } from "../../pass-model/resolved-pass";
import { requireRole } from "./access";
import { Refusal } from "./refusal";
import { find, present } from "./resources";
import { typeOf, type ResourceType } from "./resource-types";
import type { CallContext } from "./simulation";
import type { Page } from "./store";

/** Without `maxResults` everything comes in one answer. */
export function list(ctx: CallContext, type: ResourceType, query: URLSearchParams): JsonObject {
  const limit = maxResults(query.get("maxResults"));
  const after = fromToken(query.get("token"));
  const page =
    type.kind === "class" ? classes(ctx, type, query, after, limit) : objects(ctx, type, query, after, limit);
  const resources = page.resources.map((resource) => present(ctx, resource));
  const next = page.after === null ? {} : { nextPageToken: btoa(page.after) };
  return { resources, pagination: { resultsPerPage: resources.length, ...next } };
}

function classes(
  ctx: CallContext,
  type: ResourceType,
  query: URLSearchParams,
  after: string,
  limit: number | null,
): Page {
  const issuerId = query.get("issuerId") ?? "";
  if (!/^\d{1,20}$/.test(issuerId)) throw new Refusal("invalid", "issuerId: expected the number of an issuer");
  requireRole(ctx, issuerId, "READER");
  return ctx.store.classesOf(issuerId, type.vertical, after, limit);
}

function objects(
  ctx: CallContext,
  type: ResourceType,
  query: URLSearchParams,
  after: string,
  limit: number | null,
): Page {
  const { id } = find(ctx, typeOf("class", type.vertical), query.get("classId") ?? "");
  return ctx.store.objectsOf(id, after, limit);
}

function maxResults(text: string | null): number | null {
  if (text === null) return null;
  const number = Number(text);
  if (!/^\d{1,6}$/.test(text) || number < 1) throw new Refusal("invalid", "maxResults: expected a number from 1 on");
  return number;
}

/** Ids are ASCII, so a token is the last one, made opaque. */
function fromToken(token: string | null): string {
  if (token === null || token === "") return "";
  try {
    return atob(token);
  } catch {
    throw new Refusal("invalid", "token: expected the nextPageToken of an earlier answer");
  }
}
