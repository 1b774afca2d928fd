import * as z from "zod";
import { color } from "./scalars";
import { currencyCode, dateTime, flag, formatted, members, oneOf, phoneNumber, text, texts, timeZone } from "./shapes";

/**
 * The semantic tags and the shape of each, in the public names of Apple's documentation (Wallet Passes,
 * SemanticTags and SemanticTagType; the tags of iOS 18 and 26 included). Members are mandatory only
 * where one value without the other says nothing.
 */

const wholeNumber = z.int("expected a whole number").min(0, "expected a whole number that is not negative");
const colorText = formatted((value) => color.safeParse(value).success, "expected a colour, such as rgb(35, 17, 200)");

function degrees(limit: number) {
  const expectation = `expected degrees from -${limit} to ${limit}`;
  return z.number(expectation).min(-limit, expectation).max(limit, expectation);
}

const currencyAmount = members(
  {
    amount: formatted((value) => /^-?\d+(\.\d+)?$/.test(value), 'expected an amount as text, such as "12.50"'),
    currencyCode: currencyCode.optional(),
  },
  "expected an amount of money {amount, currencyCode}",
);

const location = members(
  {
    latitude: degrees(90),
    longitude: degrees(180),
  },
  "expected a location {latitude, longitude}",
);

const personName = members(
  {
    givenName: text.optional(),
    familyName: text.optional(),
    middleName: text.optional(),
    namePrefix: text.optional(),
    nameSuffix: text.optional(),
    nickname: text.optional(),
    phoneticRepresentation: text.optional(),
  },
  "expected the parts of a name {givenName, familyName, …}",
);

const seat = members(
  {
    seatSection: text.optional(),
    seatRow: text.optional(),
    seatNumber: text.optional(),
    seatIdentifier: text.optional(),
    seatType: text.optional(),
    seatDescription: text.optional(),
    seatAisle: text.optional(),
    seatLevel: text.optional(),
    seatSectionColor: colorText.optional(),
  },
  "expected a seat {seatSection, seatRow, seatNumber, …}",
);

const eventDateInfo = members(
  {
    date: dateTime.optional(),
    ignoreTimeComponents: flag.optional(),
    timeZone: timeZone.optional(),
    unannounced: flag.optional(),
    undetermined: flag.optional(),
  },
  "expected a date {date, ignoreTimeComponents, timeZone, unannounced, undetermined}",
);

const wifiAccess = z.array(
  members({ ssid: text, password: text }, "expected {ssid, password}"),
  "expected a list of networks",
);
const airplay = z.array(
  members({ airplayDeviceGroupToken: text }, "expected {airplayDeviceGroupToken}"),
  "expected a list of AirPlay device groups",
);

const eventType = oneOf(
  "PKEventType",
  "Generic",
  "LivePerformance",
  "Movie",
  "Sports",
  "Conference",
  "Convention",
  "Workshop",
  "SocialGathering",
);
const securityPrograms = z.array(
  oneOf(
    "PKTransitSecurityProgram",
    "TSAPreCheck",
    "TSAPreCheckTouchlessID",
    "OSS",
    "ITI",
    "ITD",
    "GlobalEntry",
    "CLEAR",
  ),
  "expected a list of security programs",
);
const passengerCapabilities = z.array(
  oneOf("PKPassengerCapability", "Preboarding", "PriorityBoarding", "Carryon", "PersonalItem"),
  "expected a list of passenger capabilities",
);

/** Tag to shape. */
export const semanticTags = {
  // Any pass
  balance: currencyAmount,
  totalPrice: currencyAmount,
  silenceRequested: flag,
  wifiAccess,
  airplay,

  // Events
  eventType,
  eventName: text,
  eventStartDate: dateTime,
  eventStartDateInfo: eventDateInfo,
  eventEndDate: dateTime,
  eventLiveMessage: text,
  genre: text,
  performerNames: texts,
  artistIDs: texts,
  albumIDs: texts,
  playlistIDs: texts,
  sportName: text,
  leagueName: text,
  leagueAbbreviation: text,
  homeTeamName: text,
  homeTeamLocation: text,
  homeTeamAbbreviation: text,
  awayTeamName: text,
  awayTeamLocation: text,
  awayTeamAbbreviation: text,
  seats: z.array(seat, "expected a list of seats"),
  admissionLevel: text,
  admissionLevelAbbreviation: text,
  additionalTicketAttributes: text,
  attendeeName: text,
  entranceDescription: text,
  tailgatingAllowed: flag,

  // Venue
  venueName: text,
  venueLocation: location,
  venuePhoneNumber: phoneNumber,
  venueRoom: text,
  venueRegionName: text,
  venueEntrance: text,
  venueEntranceGate: text,
  venueEntranceDoor: text,
  venueEntrancePortal: text,
  venueOpenDate: dateTime,
  venueGatesOpenDate: dateTime,
  venueParkingLotsOpenDate: dateTime,
  venueBoxOfficeOpenDate: dateTime,
  venueDoorsOpenDate: dateTime,
  venueFanZoneOpenDate: dateTime,
  venueCloseDate: dateTime,

  // Transit
  transitProvider: text,
  vehicleName: text,
  vehicleNumber: text,
  vehicleType: text,
  carNumber: text,
  /** Seconds. */
  duration: wholeNumber,
  transitStatus: text,
  transitStatusReason: text,
  departureLocation: location,
  departureLocationDescription: text,
  departureStationName: text,
  departurePlatform: text,
  departureAirportCode: text,
  departureAirportName: text,
  departureTerminal: text,
  departureGate: text,
  destinationLocation: location,
  destinationLocationDescription: text,
  destinationStationName: text,
  destinationPlatform: text,
  destinationAirportCode: text,
  destinationAirportName: text,
  destinationTerminal: text,
  destinationGate: text,
  originalDepartureDate: dateTime,
  originalBoardingDate: dateTime,
  originalArrivalDate: dateTime,
  currentDepartureDate: dateTime,
  currentBoardingDate: dateTime,
  currentArrivalDate: dateTime,
  boardingGroup: text,
  boardingSequenceNumber: text,
  confirmationNumber: text,
  airlineCode: text,
  flightCode: text,
  /** The numeric part of `flightCode`. */
  flightNumber: wholeNumber,
  membershipProgramName: text,
  membershipProgramNumber: text,
  priorityStatus: text,
  securityScreening: text,
  passengerName: personName,

  // Transit, since iOS 26
  boardingZone: text,
  departureCityName: text,
  destinationCityName: text,
  departureLocationTimeZone: timeZone,
  destinationLocationTimeZone: timeZone,
  departureLocationSecurityPrograms: securityPrograms,
  destinationLocationSecurityPrograms: securityPrograms,
  passengerEligibleSecurityPrograms: securityPrograms,
  passengerCapabilities,
  passengerAirlineSSRs: texts,
  passengerInformationSSRs: texts,
  passengerServiceSSRs: texts,
  ticketFareClass: text,
  membershipProgramStatus: text,
  loungePlaceIDs: texts,
  internationalDocumentsAreVerified: flag,
  internationalDocumentsVerifiedDeclarationName: text,
} as const satisfies Record<string, z.ZodType>;

export type SemanticTag = keyof typeof semanticTags;

/** The tags whose whole value is one date: what a projection writes with seconds and without a fraction. */
export const semanticDateTags = (Object.keys(semanticTags) as SemanticTag[]).filter(
  (tag) => semanticTags[tag] === dateTime,
);

/**
 * Names of Apple's pass-builder sources for tags that the public documentation, which Wallet follows, calls
 * otherwise. They pass like any unknown tag; the warning tells the documented name.
 */
export const documentedTagNames: ReadonlyMap<string, SemanticTag> = new Map([
  ["departureAirportTimeZone", "departureLocationTimeZone"],
  ["destinationAirportTimeZone", "destinationLocationTimeZone"],
  ["departureAirportSecurityPrograms", "departureLocationSecurityPrograms"],
  ["destinationAirportSecurityPrograms", "destinationLocationSecurityPrograms"],
  ["airlineLoungePlaceID", "loungePlaceIDs"],
]);
