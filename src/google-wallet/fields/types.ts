import { classTypes, type standIns } from "./class-types";
import type { GoogleEnumName, GoogleEnumValue } from "./enums";
import { kindTypes } from "./kind-types";
import { objectTypes } from "./object-types";
import { requestTypes } from "./request-types";
import { sharedTypes } from "./shared-types";

/** The whole field table: every type of Google's Wallet Objects API v1 that we read or write. */
export const googleTable = {
  ...sharedTypes,
  ...kindTypes,
  ...classTypes,
  ...objectTypes,
  ...requestTypes,
} as const;

type Table = typeof googleTable;

export type GoogleTypeName = keyof Table;

/** In JSON, where int64 is a string of digits. Of dates, `localDateTime` has no offset and `offsetDateTime` must have one. */
export interface GoogleScalars {
  string: string;
  boolean: boolean;
  int32: number;
  int64: string;
  double: number;
  dateTime: string;
  localDateTime: string;
  offsetDateTime: string;
}
export type GoogleScalarName = keyof GoogleScalars;

type BaseName = GoogleScalarName | GoogleEnumName | GoogleTypeName;

/** What a member of the table may be written as; a name that nothing has does not compile. */
export type MemberSpec = `${BaseName}${"" | "[]"}${"" | "!" | "~"}`;

type Unmarked<Spec> = Spec extends `${infer Value}!` | `${infer Value}~` ? Value : Spec;

type ValueOf<Value> = Value extends `${infer Item}[]`
  ? ValueOf<Item>[]
  : Value extends GoogleScalarName
    ? GoogleScalars[Value]
    : Value extends GoogleEnumName
      ? GoogleEnumValue<Value>
      : Value extends GoogleTypeName
        ? GoogleTypes[Value]
        : never;

/** Required members that nothing can stand in for. */
type RequiredMember<Type> = {
  [Member in keyof Type]: Type[Member] extends `${string}!` ? Exclude<Member, keyof typeof standIns> : never;
}[keyof Type];

type Flat<Type> = { [Member in keyof Type]: Type[Member] };

/** Name → type of the JSON, deprecated members included. */
export type GoogleTypes = {
  [Name in GoogleTypeName]: Flat<
    { [Member in RequiredMember<Table[Name]>]: ValueOf<Unmarked<Table[Name][Member]>> } & {
      [Member in Exclude<keyof Table[Name], RequiredMember<Table[Name]>>]?: ValueOf<Unmarked<Table[Name][Member]>>;
    }
  >;
};

googleTable satisfies Record<string, Record<string, MemberSpec>>;
