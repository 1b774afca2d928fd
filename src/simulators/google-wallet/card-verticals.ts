import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical, TransitType } from "../../pass-model/vocabulary";

import { stringOf } from "./card-values";
import type { Word } from "./card-words";

/** Where a vertical keeps what Google draws at fixed places, as field paths: the first that has a value counts. */
export interface Face {
  issuer: string[];
  logo: string[];
  /** Takes the place of logo and issuer. */
  wideLogo: string[];
  background: string[];
  /** The small line above the title: the issuer's words, or Google's. */
  overline: string[] | { word: Word };
  title: string[];
  /** The small line below it. */
  caption: string[];
  journey: Journey | null;
  /** Rows of the card if the class has no template of its own: an item is a path, or paths of which the first counts. */
  rows: DefaultItem[][];
  details: DefaultItem[];
}

export interface Journey {
  from: { code: string[]; name: string[] };
  to: { code: string[]; name: string[] };
  transitType: (classBody: JsonObject) => TransitType;
}

type DefaultItem = JsonObject;

const item = (...fieldPaths: string[]): DefaultItem => ({
  firstValue: { fields: fieldPaths.map((fieldPath) => ({ fieldPath })) },
});
const dated = (dateFormat: string, ...fieldPaths: string[]): DefaultItem => ({
  firstValue: { fields: fieldPaths.map((fieldPath) => ({ fieldPath, dateFormat })) },
});
const flightNumber: DefaultItem = { predefinedItem: "FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER" };

const leg = (name: string) => [`object.ticketLeg.${name}`, `object.ticketLegs[0].${name}`];
const seat = (name: string) => [...leg(`ticketSeat.${name}`), ...leg(`ticketSeats[0].${name}`)];

const transitTypes: Record<string, TransitType> = { bus: "bus", rail: "train", tram: "train", ferry: "boat" };

const validity = [dated("DATE_YEAR", "object.validTimeInterval.end")];

export const faces: Record<GoogleVertical, Face> = {
  loyalty: {
    issuer: ["class.issuerName"],
    logo: ["class.programLogo"],
    wideLogo: ["class.wideProgramLogo"],
    background: ["class.hexBackgroundColor"],
    overline: [],
    title: ["class.programName"],
    caption: [],
    journey: null,
    rows: [
      [item("object.loyaltyPoints"), item("object.secondaryLoyaltyPoints", "class.rewardsTier")],
      [item("object.accountName"), item("object.accountId")],
    ],
    details: [
      item("object.accountName"),
      item("object.accountId"),
      item("class.rewardsTier"),
      item("class.secondaryRewardsTier"),
    ],
  },
  offer: {
    issuer: ["class.issuerName"],
    logo: ["class.titleImage"],
    wideLogo: ["class.wideTitleImage"],
    background: ["class.hexBackgroundColor"],
    overline: [],
    title: ["class.title", "class.shortTitle"],
    caption: ["class.provider"],
    journey: null,
    rows: [validity],
    details: [item("class.provider"), item("class.details"), item("class.finePrint"), item("class.helpUri")],
  },
  giftCard: {
    issuer: ["class.merchantName", "class.issuerName"],
    logo: ["class.programLogo"],
    wideLogo: ["class.wideProgramLogo"],
    background: ["class.hexBackgroundColor"],
    overline: { word: "balance" },
    title: ["object.balance"],
    caption: [],
    journey: null,
    rows: [[item("object.cardNumber"), item("object.pin")]],
    details: [
      item("object.balanceUpdateTime"),
      item("object.cardNumber"),
      item("object.pin"),
      item("object.eventNumber"),
    ],
  },
  eventTicket: {
    issuer: ["class.issuerName"],
    logo: ["class.logo"],
    wideLogo: ["class.wideLogo"],
    background: ["object.hexBackgroundColor", "class.hexBackgroundColor"],
    overline: [],
    title: ["class.eventName"],
    caption: ["class.venue.name"],
    journey: null,
    rows: [
      [dated("DATE_TIME", "class.dateTime.start"), dated("TIME_ONLY", "class.dateTime.doorsOpen")],
      [
        item("object.seatInfo.section", "object.seatInfo.gate"),
        item("object.seatInfo.row"),
        item("object.seatInfo.seat"),
      ],
    ],
    details: [
      item("class.dateTime.start"),
      item("class.dateTime.end"),
      dated("TIME_ONLY", "class.dateTime.doorsOpen"),
      item("class.venue.name"),
      item("class.venue.address"),
      item("object.ticketHolderName"),
      item("object.ticketType"),
      item("object.seatInfo.gate"),
      item("object.ticketNumber"),
      item("object.reservationInfo.confirmationCode"),
      item("object.faceValue"),
      item("class.finePrint"),
    ],
  },
  flight: {
    issuer: ["class.flightHeader.carrier.airlineName", "class.issuerName"],
    logo: ["class.flightHeader.carrier.airlineLogo"],
    wideLogo: ["class.flightHeader.carrier.wideAirlineLogo"],
    background: ["object.hexBackgroundColor", "class.hexBackgroundColor"],
    overline: [],
    title: [],
    caption: [],
    journey: {
      from: { code: ["class.origin.airportIataCode"], name: ["class.origin.airportNameOverride"] },
      to: { code: ["class.destination.airportIataCode"], name: ["class.destination.airportNameOverride"] },
      transitType: () => "air",
    },
    rows: [
      [
        flightNumber,
        dated("DATE_TIME", "class.localEstimatedOrActualDepartureDateTime", "class.localScheduledDepartureDateTime"),
      ],
      [item("class.origin.terminal"), item("class.origin.gate"), dated("TIME_ONLY", "class.localBoardingDateTime")],
      [
        item("object.passengerName"),
        item("object.boardingAndSeatingInfo.seatNumber", "object.boardingAndSeatingInfo.seatAssignment"),
        item("object.boardingAndSeatingInfo.boardingGroup", "object.boardingAndSeatingInfo.seatClass"),
      ],
    ],
    details: [
      item("object.reservationInfo.confirmationCode"),
      item("object.reservationInfo.eticketNumber"),
      { predefinedItem: "FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER" },
      item("object.boardingAndSeatingInfo.seatClass"),
      item("object.boardingAndSeatingInfo.boardingPosition"),
      item("object.boardingAndSeatingInfo.boardingDoor"),
      item("object.boardingAndSeatingInfo.sequenceNumber"),
      dated("TIME_ONLY", "class.localGateClosingDateTime"),
      item("class.localEstimatedOrActualArrivalDateTime", "class.localScheduledArrivalDateTime"),
      item("class.destination.terminal"),
      item("class.destination.gate"),
    ],
  },
  transit: {
    issuer: ["class.transitOperatorName", "class.issuerName"],
    logo: ["class.logo"],
    wideLogo: ["class.wideLogo"],
    background: ["object.hexBackgroundColor", "class.hexBackgroundColor"],
    overline: [],
    title: [],
    caption: [],
    journey: {
      from: { code: leg("originStationCode"), name: leg("originName") },
      to: { code: leg("destinationStationCode"), name: leg("destinationName") },
      transitType: ({ transitType }) => transitTypes[stringOf(transitType).toLowerCase()] ?? "generic",
    },
    rows: [
      [dated("DATE_TIME", ...leg("departureDateTime")), dated("DATE_TIME", ...leg("arrivalDateTime"))],
      [
        item(...leg("platform")),
        item(...leg("carriage"), ...seat("coach")),
        item(...seat("seat"), ...seat("seatAssignment")),
      ],
      [item("object.passengerNames"), item(...leg("fareName"))],
    ],
    details: [
      item("object.ticketNumber"),
      item("object.purchaseDetails.confirmationCode"),
      item("object.purchaseDetails.purchaseReceiptNumber"),
      item("object.purchaseDetails.ticketCost.purchasePrice"),
      item("object.purchaseDetails.ticketCost.faceValue"),
      item(...seat("customFareClass"), ...seat("fareClass")),
      item(...leg("zone")),
      item("object.ticketRestrictions.routeRestrictions"),
      item("object.ticketRestrictions.timeRestrictions"),
      item("object.ticketRestrictions.otherRestrictions"),
    ],
  },
  generic: {
    issuer: ["object.cardTitle"],
    logo: ["object.logo"],
    wideLogo: ["object.wideLogo"],
    background: ["object.hexBackgroundColor"],
    overline: ["object.subheader"],
    title: ["object.header"],
    caption: [],
    journey: null,
    rows: [],
    details: [],
  },
};
