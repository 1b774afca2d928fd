import type { Issue } from "../pass-model/issue";

/** D1 takes rows of 2 MB; what a tenant writes into one stays well below. */
export const designBytesMax = 1_000_000;
export const contentBytesMax = 256_000;

export function sizeIssues(json: unknown, bytesMax: number, pointer: string): Issue[] {
  const bytes = new TextEncoder().encode(JSON.stringify(json)).length;
  if (bytes <= bytesMax) return [];
  return [{ pointer, code: "too_big", detail: `at most ${bytesMax} bytes of JSON are kept here; these are ${bytes}` }];
}
