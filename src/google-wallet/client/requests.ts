import type { JsonObject } from "../../pass-model/resolved-pass";
import { verticalTypes } from "../fields/verticals";
import type { GoogleCall } from "./types";

/** https://developers.google.com/wallet/reference/rest */
export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH";
  path: string;
  body: JsonObject | null;
}

const root = "/walletobjects/v1";

export function requestOf(call: GoogleCall): ApiRequest {
  const all = `${root}/${verticalTypes[call.vertical].path[call.kind]}`;
  switch (call.method) {
    case "insert":
      return { method: "POST", path: all, body: underReview(call, call.body) };
    case "get":
      return { method: "GET", path: one(all, call.id), body: null };
    case "update":
      return { method: "PUT", path: one(all, call.id), body: underReview(call, call.body) };
    case "patch":
      return { method: "PATCH", path: one(all, call.id), body: underReview(call, call.body) };
    case "addMessage":
      return { method: "POST", path: `${one(all, call.id)}/addMessage`, body: { message: call.message } };
  }
}

export const issuerRequest = (issuerId: string): ApiRequest => ({
  method: "GET",
  path: one(`${root}/issuer`, issuerId),
  body: null,
});

/**
 * Sent twice, each of them leaves what it leaves when it is sent once (an id is ours, so a second insert answers
 * `already_exists`). A message sent twice is shown twice.
 */
export const isIdempotent = ({ method }: GoogleCall): boolean => method !== "addMessage";

const one = (all: string, id: string): string => `${all}/${encodeURIComponent(id.toWellFormed())}`;

/** Google wants it with every change of an approved class, and approves at once. A generic class is not reviewed. */
const underReview = ({ kind, vertical }: GoogleCall, body: JsonObject): JsonObject =>
  kind === "class" && vertical !== "generic" ? { ...body, reviewStatus: "UNDER_REVIEW" } : body;
