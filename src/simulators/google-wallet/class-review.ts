import type { JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";

interface Review {
  /** The class as it is to be. */
  body: JsonObject;
  /** As the request has it; undefined if it says nothing. */
  requested: unknown;
  /** Null for a new class. */
  previous: JsonObject | null;
}

/**
 * The class after its review, which is instant: what is submitted is approved. A draft may stay one; what was submitted
 * is submitted again with each change, and never becomes a draft.
 */
export function review({ body, requested, previous }: Review): JsonObject {
  const draft = previous === null || previous.reviewStatus === "DRAFT";
  const status = requested ?? (previous === null ? undefined : draft ? "DRAFT" : previous.reviewStatus);
  if (status === "UNDER_REVIEW") return { ...body, reviewStatus: "APPROVED" };
  if (status === "DRAFT" && draft) return { ...body, reviewStatus: "DRAFT" };
  throw new Refusal(
    "invalid",
    `Invalid review status: ${typeof status === "string" ? status : "none"}. ${draft ? expected.draft : expected.submitted}`,
  );
}

const expected = {
  draft: "A class is DRAFT, or submitted as UNDER_REVIEW.",
  submitted: "A change of a class that is no draft has to send UNDER_REVIEW.",
};

export const isApproved = (body: JsonObject): boolean =>
  body.reviewStatus === undefined || body.reviewStatus === "APPROVED";
