import type { JsonObject } from "./resolved-pass";

/** Whether a JSON value is an object, and no list. */
export const isObject = (json: unknown): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
