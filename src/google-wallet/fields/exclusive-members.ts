import type { GoogleTypeName, GoogleTypes } from "./types";

type Pairs = { [Name in GoogleTypeName]?: readonly (readonly [keyof GoogleTypes[Name], keyof GoogleTypes[Name]])[] };

/** Members of which Google takes one alone, by the descriptions in the discovery document. */
const pairs = {
  EventTicketClass: [
    ["confirmationCodeLabel", "customConfirmationCodeLabel"],
    ["gateLabel", "customGateLabel"],
    ["rowLabel", "customRowLabel"],
    ["seatLabel", "customSeatLabel"],
    ["sectionLabel", "customSectionLabel"],
  ],
  EventDateTime: [["doorsOpenLabel", "customDoorsOpenLabel"]],
  TemplateItem: [["firstValue", "predefinedItem"]],
  TicketLeg: [["ticketSeat", "ticketSeats"]],
  TicketSeat: [["fareClass", "customFareClass"]],
  TransitObject: [
    ["concessionCategory", "customConcessionCategory"],
    ["ticketLeg", "ticketLegs"],
    ["ticketStatus", "customTicketStatus"],
  ],
} as const satisfies Pairs;

export const exclusiveMembers: Partial<Record<GoogleTypeName, readonly (readonly [string, string])[]>> = pairs;

export interface Clash {
  member: string;
  message: string;
}

/** Of each pair of which both are there, the second. */
export function clashesOf(type: GoogleTypeName, value: Readonly<Record<string, unknown>>): Clash[] {
  return (exclusiveMembers[type] ?? [])
    .filter((pair) => pair.every((member) => isSet(value[member])))
    .map(([one, member]) => ({ member, message: `does not go with ${one}: Google takes one of the two` }));
}

/** An empty list and the first value of an enum are none, in the API's JSON as in its protocol buffers. */
const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  !(Array.isArray(value) && value.length === 0) &&
  !(typeof value === "string" && value.endsWith("_UNSPECIFIED"));
