import { isObject } from "../../../pass-model/json";
import type { JsonObject, ResolvedField } from "../../../pass-model/resolved-pass";
import type { TransitType } from "../../../pass-model/vocabulary";
import type { GoogleTypes } from "../../fields/types";
import { zonedDateTime } from "../dates";
import type { FactDate, Seat } from "../facts";
import type { FactName } from "../hints";
import { present, presentOrNull } from "../present";
import type { Source } from "../source";
import type { VerticalProjection } from "../vertical";

const transitTypes: Record<TransitType, NonNullable<GoogleTypes["TransitClass"]["transitType"]>> = {
  air: "OTHER",
  boat: "FERRY",
  bus: "BUS",
  generic: "OTHER",
  train: "RAIL",
};

/** Google, TransitClass and TransitObject. */
export const transit: VerticalProjection<"transit"> = {
  needs: [
    {
      side: "class",
      members: ["logo"],
      words: "a logo (images.logo or images.icon)",
      has: ({ templatePictures }) => templatePictures.logo !== null,
    },
    {
      side: "object",
      members: ["ticketLeg", "ticketLegs"],
      words: "the place of departure (semantics.departureStationName, or a field with the key origin)",
      has: (source) => stationsOf(source) !== null,
    },
    {
      side: "object",
      members: ["validTimeInterval"],
      words: "the departure (semantics.originalDepartureDate, or a dateTime field with the key departure) or an expiry",
      has: ({ facts, pass }, own) => pass.expiresAt !== null || ownDeparture(own, departure(facts) !== null),
    },
  ],
  headKeys: (source) => {
    const stations = stationsOf(source);
    if (!stations) return [];
    const { origin, destination } = stations;
    return [
      source.facts.keyIfShown("originStation", origin.name, origin.code),
      source.facts.keyIfShown("destinationStation", destination.name, destination.code),
    ];
  },
  class: ({ pass, facts, templatePictures, image, localized }) =>
    present({
      transitType: transitTypes[pass.transitType ?? "generic"],
      transitOperatorName: localized(facts.text("operator")),
      logo: image(templatePictures.logo),
      wideLogo: image(templatePictures.wideLogo),
    }),
  object: (source) => {
    const { facts } = source;
    const holder = facts.holder();
    const price = facts.money("price");
    return present({
      tripType: "ONE_WAY" as const,
      passengerNames: holder,
      passengerType: holder === null ? null : ("SINGLE_PASSENGER" as const),
      ticketNumber: facts.text("ticketNumber"),
      purchaseDetails: presentOrNull({
        confirmationCode: facts.text("confirmation"),
        ticketCost: price && { purchasePrice: price },
      }),
      ticketLeg: legOf(source),
    });
  },
};

/** Legs that the design writes itself take the place of ours. */
function ownDeparture({ ticketLeg, ticketLegs }: JsonObject, ours: boolean): boolean {
  const own = ticketLegs ?? ticketLeg;
  return own === undefined ? ours : [own].flat().some((leg) => isObject(leg) && leg.departureDateTime !== undefined);
}

const departure = (facts: Source["facts"]) => facts.date("departureNow") ?? facts.date("departure");
const arrival = (facts: Source["facts"]) => facts.date("arrivalNow") ?? facts.date("arrival");

/** As the clocks of the station show it. */
function clock({ facts, pass }: Source, date: FactDate | null, zone: "originZone" | "destinationZone"): string | null {
  return date && zonedDateTime(date.instant, facts.zone(zone) ?? date.timeZone, pass.timeZone);
}

function legOf(source: Source): GoogleTypes["TicketLeg"] | null {
  const { facts, localized } = source;
  const stations = stationsOf(source);
  if (!stations) return null;
  const seats = facts.seats().map((seat) => seatOf(seat, source));
  const withoutPlace = facts.seats().length === 0 ? presentOrNull(seatMembers(null, source)) : null;
  return present({
    originName: localized(stations.origin.name),
    originStationCode: stations.origin.code,
    destinationName: localized(stations.destination.name),
    destinationStationCode: stations.destination.code,
    departureDateTime: clock(source, departure(facts), "originZone"),
    arrivalDateTime: clock(source, arrival(facts), "destinationZone"),
    carriage: facts.text("vehicle"),
    platform: facts.text("platform"),
    zone: facts.text("boardingZone"),
    fareName: localized(facts.text("fareName")),
    transitOperatorName: localized(facts.text("operator")),
    ticketSeat: seats.length > 1 ? null : (seats[0] ?? withoutPlace),
    ticketSeats: seats.length > 1 ? seats : null,
  });
}

const fareClasses: ReadonlyMap<string, NonNullable<GoogleTypes["TicketSeat"]["fareClass"]>> = new Map([
  ["economy", "ECONOMY"],
  ["first", "FIRST"],
  ["business", "BUSINESS"],
]);

function seatMembers(seat: Seat | null, { facts, localized }: Source) {
  const fare = facts.text("cabin");
  const fareClass = fareClasses.get((fare ?? "").toLowerCase());
  return {
    coach: facts.text("coach") ?? seat?.section,
    seat: seat && [seat.row, seat.seat].filter((part) => part !== null).join(" "),
    fareClass,
    customFareClass: fareClass ? null : localized(fare),
  };
}

const seatOf = (seat: Seat, source: Source): GoogleTypes["TicketSeat"] => present(seatMembers(seat, source));

interface Station {
  name: string | null;
  code: string | null;
}

/** Google wants both places by name, or both by code. Null if nothing says where the journey starts. */
function stationsOf(source: Source): { origin: Station; destination: Station } | null {
  const origin = stationOf(source, "originStation");
  const destination = stationOf(source, "destinationStation");
  if (origin.name === null && origin.code === null) return null;
  if (destination.name !== null) origin.name ??= origin.code;
  if (destination.code !== null && origin.code === null) {
    destination.name ??= destination.code;
    destination.code = null;
  }
  return { origin, destination };
}

function stationOf({ facts }: Source, name: FactName): Station {
  const text = facts.text(name);
  const field = facts.field(name);
  const code = field && /^[A-Z0-9]{2,5}$/.test(String(field.value)) ? String(field.value) : null;
  if (text === null || code === null) return { name: text, code: null };
  return { name: text === code ? labelOf(field!) : text, code };
}

/** Over a code stands the name of its station, unless it is but a word for the direction. */
function labelOf({ label }: ResolvedField): string | null {
  return label === null ||
    /^(from|to|origin|destination|departure|arrival|departs|arrives|start|end)?$/i.test(label.trim())
    ? null
    : label;
}
