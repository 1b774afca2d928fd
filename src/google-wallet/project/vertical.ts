import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";
import type { verticalTypes } from "../fields/verticals";
import type { Source } from "./source";

type Types = typeof verticalTypes;
export type ClassOf<Vertical extends GoogleVertical> = Partial<GoogleTypes[Types[Vertical]["class"]]>;
export type ObjectOf<Vertical extends GoogleVertical> = Partial<GoogleTypes[Types[Vertical]["object"]]>;

/** How one kind of pass is made of what a pass says. Members that all kinds have stand in `class.ts` and `object.ts`. */
export interface VerticalProjection<Vertical extends GoogleVertical> {
  /** What Google demands beyond what every pass has. */
  needs: readonly Need[];
  /** Keys of the fields that the head of Google's card shows by itself: the same for all passes of a template. */
  headKeys: (source: Source) => (string | undefined)[];
  class: (source: Source) => ClassOf<Vertical>;
  object: (source: Source) => ObjectOf<Vertical>;
}

export interface Need {
  side: "class" | "object";
  /** Members that hold it at Google: who writes one of them in `google.class` or `google.object` has it, too. */
  members: readonly string[];
  /** For people: what is missing, and where to write it. */
  words: string;
  has: (source: Source, ownMembers: JsonObject) => boolean;
}
