import { describe, expect, it } from "vitest";
import { googleTable } from "../../../src/google-wallet/fields/types";
import type { GoogleTypeName, GoogleTypes, MemberSpec } from "../../../src/google-wallet/fields/types";
import type { EveryTypeIsHere, GoogleSchemas } from "./google-schemas";

/** Our table against the types of Google's own npm package. The compiler decides: `npm test` runs tsc over the tests. */

/** Members that one of the two lacks, such as `"Image.sourceUrl"`. */
type UnmatchedMembers<Ours, Theirs, Name extends string> =
  | `${Name}.${Exclude<keyof Ours, keyof Theirs> & string}`
  | `${Name}.${Exclude<keyof Theirs, keyof Ours> & string}`;

/** All members optional, enums as texts, nothing null: what both packages can say. */
type Loose<Type> = Type extends string
  ? string
  : Type extends (infer Item)[]
    ? Loose<Item>[]
    : Type extends object
      ? { [Member in keyof Type]?: Loose<NonNullable<Type[Member]>> }
      : Type;

/** Members whose values do not fit in both directions. */
type UnlikeMembers<Ours, Theirs, Name extends string> = {
  [Member in keyof Ours & keyof Theirs & string]: [Loose<NonNullable<Ours[Member]>>] extends [
    Loose<NonNullable<Theirs[Member]>>,
  ]
    ? [Loose<NonNullable<Theirs[Member]>>] extends [Loose<NonNullable<Ours[Member]>>]
      ? never
      : `${Name}.${Member}`
    : `${Name}.${Member}`;
}[keyof Ours & keyof Theirs & string];

type EachType<Check extends Record<GoogleTypeName, unknown>> = Check[GoogleTypeName];

describe("R021 the types of the field table", () => {
  it("are those of Google's package, with the same members", () => {
    [true, true] satisfies EveryTypeIsHere;
    type Unmatched = EachType<{
      [Name in GoogleTypeName]: UnmatchedMembers<GoogleTypes[Name], GoogleSchemas[Name], Name>;
    }>;
    type None = [Unmatched] extends [never] ? "none" : Unmatched;
    "none" satisfies None;

    type Misspelt = UnmatchedMembers<{ sourceUrl: string }, { sourceUri: string }, "Image">;
    // @ts-expect-error: a misspelt name is one that Google lacks.
    "none" satisfies [Misspelt] extends [never] ? "none" : Misspelt;
    expect(Object.keys(googleTable).length).toBeGreaterThan(100);
  });

  it("have values that fit in both directions", () => {
    type Unlike = EachType<{ [Name in GoogleTypeName]: UnlikeMembers<GoogleTypes[Name], GoogleSchemas[Name], Name> }>;
    type None = [Unlike] extends [never] ? "none" : Unlike;
    "none" satisfies None;

    type Mistyped = UnlikeMembers<{ micros: number }, GoogleSchemas["Money"], "Money">;
    // @ts-expect-error: int64 is a text.
    "none" satisfies [Mistyped] extends [never] ? "none" : Mistyped;
    type Shallow = UnlikeMembers<{ balance: { micros: number } }, GoogleSchemas["GiftCardObject"], "GiftCardObject">;
    // @ts-expect-error: a mistake is found at any depth.
    "none" satisfies [Shallow] extends [never] ? "none" : Shallow;
  });

  it("hold what we write to the table", () => {
    const image: GoogleTypes["Image"] = { sourceUri: { uri: "https://example.com/logo.png" } };
    // @ts-expect-error: a member that Google does not know.
    const misspelt: GoogleTypes["Image"] = { sourceUrl: { uri: "https://example.com/logo.png" } };
    // @ts-expect-error: a venue needs its address.
    const incomplete: GoogleTypes["EventVenue"] = { name: { defaultValue: { language: "en", value: "Arena" } } };
    // @ts-expect-error: deprecated spellings are read, not written.
    const deprecated: GoogleTypes["Barcode"] = { type: "qrCode" };
    // @ts-expect-error: the name of no type.
    const unknown: MemberSpec = "LocalisedString[]";
    const required: MemberSpec = "LocalizedString[]!";
    // Its translation may stand in for the name of the programme.
    const partial: Omit<GoogleTypes["LoyaltyClass"], "programLogo"> = { id: "1.a", reviewStatus: "UNDER_REVIEW" };
    expect([image, misspelt, incomplete, deprecated, unknown, required, partial]).toHaveLength(7);
  });
});
