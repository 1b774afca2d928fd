import type { GoogleTypes } from "../../fields/types";
import { localDateTime } from "../dates";
import type { FactName } from "../hints";
import { present, presentOrNull } from "../present";
import type { Source } from "../source";
import type { VerticalProjection } from "../vertical";

/** Google, FlightClass and FlightObject. */
export const flight: VerticalProjection<"flight"> = {
  needs: [
    {
      side: "class",
      members: ["flightHeader"],
      words:
        "the airline's code and the number of the flight (semantics.airlineCode and semantics.flightNumber, or semantics.flightCode)",
      has: (source) => headerOf(source) !== null,
    },
    {
      side: "class",
      members: ["origin"],
      words: "the IATA code of the airport of departure (semantics.departureAirportCode)",
      has: (source) => airportCode(source, "originAirport") !== null,
    },
    {
      side: "class",
      members: ["destination"],
      words: "the IATA code of the airport of arrival (semantics.destinationAirportCode)",
      has: (source) => airportCode(source, "destinationAirport") !== null,
    },
    {
      side: "class",
      members: ["localScheduledDepartureDateTime"],
      words: "the scheduled departure (semantics.originalDepartureDate)",
      has: ({ facts }) => scheduled({ facts }, "departure", "departureNow") !== null,
    },
    {
      side: "object",
      members: ["passengerName"],
      words: "the passenger's name (semantics.passengerName, or a field with the key passenger)",
      has: ({ facts }) => facts.holder() !== null,
    },
  ],
  headKeys: (source) => {
    const { facts } = source;
    return [
      facts.keyIfShown("originAirport", airportCode(source, "originAirport")),
      facts.keyIfShown("destinationAirport", airportCode(source, "destinationAirport")),
    ];
  },
  class: (source) => {
    const departure = clockOf(source, "originZone", "departure");
    const arrival = clockOf(source, "destinationZone", "arrival");
    const { facts } = source;
    return present({
      flightHeader: headerOf(source),
      origin: airportOf(source, "originAirport", "originCity", "departureTerminal", "departureGate"),
      destination: airportOf(source, "destinationAirport", "destinationCity", "destinationTerminal", "destinationGate"),
      localScheduledDepartureDateTime: departure(scheduled(source, "departure", "departureNow")),
      localEstimatedOrActualDepartureDateTime: departure(changed(source, "departure", "departureNow")),
      localBoardingDateTime: departure("boarding"),
      localGateClosingDateTime: departure("gateCloses"),
      localScheduledArrivalDateTime: arrival(scheduled(source, "arrival", "arrivalNow")),
      localEstimatedOrActualArrivalDateTime: arrival(changed(source, "arrival", "arrivalNow")),
      flightStatus: statuses.get((facts.text("status") ?? "").toLowerCase().replace(/[^a-z]/g, "")),
      boardingAndSeatingPolicy: {
        boardingPolicy: facts.text("boardingZone") === null ? ("GROUP_BASED" as const) : ("ZONE_BASED" as const),
      },
    });
  },
  object: ({ facts, localized }) => {
    const [seat] = facts.seats();
    const number = facts.text("programNumber");
    return present({
      // An update may not go without; a pass that lost its name has said so in a warning.
      passengerName: facts.holder() ?? "–",
      reservationInfo: present({
        confirmationCode: facts.text("confirmation"),
        eticketNumber: facts.text("eticket"),
        frequentFlyerInfo:
          number === null
            ? null
            : present({ frequentFlyerNumber: number, frequentFlyerProgramName: localized(facts.text("programName")) }),
      }),
      boardingAndSeatingInfo: presentOrNull({
        boardingGroup: facts.text("boardingZone") ?? facts.text("boardingGroup"),
        boardingPosition: facts.text("boardingPosition"),
        sequenceNumber: facts.text("sequence"),
        seatNumber: seat ? `${rowBefore(seat)}${seat.seat ?? ""}` || null : null,
        seatClass: facts.text("cabin") ?? seat?.kind,
      }),
    });
  },
};

/** `14` and `C` are seat 14C; some write the row into both. */
const rowBefore = ({ row, seat }: { row: string | null; seat: string | null }): string =>
  row === null || seat?.startsWith(row) ? "" : row;

function headerOf(source: Source): GoogleTypes["FlightHeader"] | null {
  const { facts, templatePictures, image, localized } = source;
  const [, prefix, digits] =
    /^([A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ -]?(\d{1,4})[A-Z]?$/.exec(facts.text("flightCode") ?? "") ?? [];
  const code = facts.text("airlineCode") ?? prefix ?? "";
  const flightNumber = /^\d{1,4}$/.exec(facts.text("flightNumber") ?? "")?.[0] ?? digits;
  const carrierCode = /^[A-Z0-9]{2}$/.test(code)
    ? { carrierIataCode: code }
    : /^[A-Z]{3}$/.test(code)
      ? { carrierIcaoCode: code }
      : null;
  if (carrierCode === null || flightNumber === undefined) return null;
  const carrier = present({
    ...carrierCode,
    airlineName: localized(facts.text("operator")),
    airlineLogo: image(templatePictures.logo),
    wideAirlineLogo: image(templatePictures.wideLogo),
  });
  return { carrier, flightNumber };
}

const airportCode = ({ facts }: Pick<Source, "facts">, name: FactName): string | null =>
  /^[A-Z]{3}$/.exec(facts.text(name) ?? "")?.[0] ?? null;

function airportOf(
  source: Source,
  code: FactName,
  city: FactName,
  terminal: FactName,
  gate: FactName,
): GoogleTypes["AirportInfo"] | null {
  const airportIataCode = airportCode(source, code);
  if (airportIataCode === null) return null;
  const { facts, localized } = source;
  const more = present({
    airportNameOverride: localized(facts.text(city)),
    terminal: facts.text(terminal),
    gate: facts.text(gate),
  });
  return { airportIataCode, ...more };
}

type Times = Pick<Source, "facts">;

/** The fact that holds the time by plan. */
function scheduled({ facts }: Times, plan: FactName, now: FactName): FactName | null {
  return [plan, now].find((name) => facts.date(name) !== null) ?? null;
}

/** The fact that holds what became of the plan, if it did. */
function changed({ facts }: Times, plan: FactName, now: FactName): FactName | null {
  const [planned, actual] = [facts.date(plan), facts.date(now)];
  return planned && actual && Date.parse(planned.instant) !== Date.parse(actual.instant) ? now : null;
}

/** Reads times on the clocks of an airport: in its zone, else in that of the field. */
function clockOf({ facts }: Source, zone: FactName, plan: FactName): (name: FactName | null) => string | null {
  const timeZone = facts.zone(zone) ?? facts.date(plan)?.timeZone ?? null;
  return (name) => {
    const date = name && facts.date(name);
    return date ? localDateTime(date.instant, timeZone ?? date.timeZone) : null;
  };
}

/** Whether a time was written in UTC and nothing says where the airport is. */
export const isClockUnknown = (source: Source): boolean =>
  source.facts.zone("originZone") === null &&
  ["departure", "departureNow"].some((name) => {
    const date = source.facts.date(name as FactName);
    return date !== null && date.timeZone === null && date.instant.endsWith("Z");
  });

/** What airlines write, in Google's words. */
const statuses: ReadonlyMap<string, NonNullable<GoogleTypes["FlightClass"]["flightStatus"]>> = new Map([
  ["scheduled", "SCHEDULED"],
  ["ontime", "SCHEDULED"],
  ["delayed", "SCHEDULED"],
  ["boarding", "SCHEDULED"],
  ["active", "ACTIVE"],
  ["departed", "ACTIVE"],
  ["inflight", "ACTIVE"],
  ["enroute", "ACTIVE"],
  ["landed", "LANDED"],
  ["arrived", "LANDED"],
  ["cancelled", "CANCELLED"],
  ["canceled", "CANCELLED"],
  ["redirected", "REDIRECTED"],
  ["diverted", "DIVERTED"],
]);
