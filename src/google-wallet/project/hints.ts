import type { SemanticTag } from "../../pass-model/semantic-tags";
import type { FieldType } from "../../pass-model/vocabulary";

/** Where a fact stands in a pass: in semantic tags, first to last, else in a field whose key says so. */
interface Hint {
  tags?: readonly SemanticTag[];
  /** Keys of fields as people write them; case and underscores do not matter. */
  keys?: readonly string[];
  /** Types that the field may have; without them every one that is shown as text. */
  types?: readonly FieldType[];
}

const instants = ["dateTime"] as const;
const amounts = ["currency"] as const;

/** What Google has members for, and how passes say it. To teach a new wording, add it here. */
export const hints = {
  // People
  holder: {
    tags: ["passengerName", "attendeeName"],
    keys: [
      "passenger",
      "passengerName",
      "attendee",
      "attendeeName",
      "holder",
      "holderName",
      "ticketHolder",
      "guest",
      "guestName",
      "traveller",
      "traveler",
      "member",
      "memberName",
      "customer",
      "customerName",
      "cardholder",
      "accountName",
      "name",
      "fullName",
    ],
  },
  givenName: { keys: ["givenName", "firstName"] },
  familyName: { keys: ["familyName", "lastName", "surname"] },

  // Cards
  accountId: {
    tags: ["membershipProgramNumber"],
    keys: ["accountId", "account", "accountNumber", "memberId", "memberNumber", "membershipNumber", "customerNumber"],
  },
  points: {
    keys: ["points", "loyaltyPoints", "rewardPoints", "bonusPoints", "stamps", "stars", "miles", "credits", "coins"],
    types: ["number", "text", "currency"],
  },
  balance: { tags: ["balance"], keys: ["balance", "cardBalance", "credit", "storedValue"], types: amounts },
  cardNumber: { keys: ["cardNumber", "giftCardNumber"] },
  pin: { keys: ["pin", "cardPin", "securityCode"] },
  eventNumber: { keys: ["eventNumber"] },
  balanceUpdated: { keys: ["balanceUpdated", "balanceUpdateTime", "balanceAsOf"], types: instants },
  validFrom: { keys: ["validFrom", "validSince"], types: ["date", "dateTime"] },

  // Events
  eventName: {
    tags: ["eventName"],
    keys: ["event", "eventName", "eventTitle", "show", "performance", "concert", "match", "movie", "film"],
  },
  venueName: {
    tags: ["venueName"],
    keys: ["venue", "venueName", "location", "stadium", "theatre", "theater", "arena"],
  },
  venueAddress: { keys: ["address", "venueAddress", "street"] },
  venueRegion: { tags: ["venueRegionName"], keys: ["city", "region"] },
  eventStart: {
    tags: ["eventStartDate", "eventStartDateInfo"],
    keys: ["start", "starts", "startTime", "startsAt", "showtime", "eventStart", "eventDate", "date", "begins"],
    types: instants,
  },
  eventEnd: { tags: ["eventEndDate"], keys: ["end", "ends", "endTime", "endsAt", "eventEnd"], types: instants },
  doors: {
    tags: ["venueDoorsOpenDate", "venueOpenDate"],
    keys: ["doors", "doorsOpen", "admissionTime"],
    types: instants,
  },
  gatesOpen: { tags: ["venueGatesOpenDate"], keys: ["gatesOpen"], types: instants },
  section: { keys: ["section", "block", "sector", "stand"] },
  row: { keys: ["row"] },
  seat: { keys: ["seat", "seatNumber"] },
  entrance: {
    tags: ["venueEntranceGate", "venueEntrance", "venueEntranceDoor", "venueEntrancePortal", "entranceDescription"],
    keys: ["gate", "entrance", "door", "portal"],
  },
  ticketNumber: { keys: ["ticketNumber", "ticketNo", "ticketId"] },
  ticketType: {
    tags: ["admissionLevel"],
    keys: ["admission", "ticketType", "category", "ticketCategory", "priceCategory"],
  },
  confirmation: {
    tags: ["confirmationNumber"],
    keys: [
      "confirmation",
      "confirmationNumber",
      "confirmationCode",
      "booking",
      "bookingCode",
      "bookingReference",
      "reservation",
      "reservationCode",
      "pnr",
      "recordLocator",
      "order",
      "orderNumber",
    ],
  },
  price: { tags: ["totalPrice"], keys: ["price", "total", "totalPrice", "fare", "faceValue"], types: amounts },

  // Flights, and what other journeys share with them
  airlineCode: { tags: ["airlineCode"], keys: ["airlineCode", "carrierCode"] },
  flightCode: { tags: ["flightCode"], keys: ["flight", "flightNumber", "flightCode", "flightNo"] },
  flightNumber: { tags: ["flightNumber"] },
  originAirport: { tags: ["departureAirportCode"], keys: ["origin", "from", "departureAirport", "originCode"] },
  destinationAirport: {
    tags: ["destinationAirportCode"],
    keys: ["destination", "to", "arrivalAirport", "destinationCode"],
  },
  originCity: { tags: ["departureCityName", "departureAirportName"] },
  destinationCity: { tags: ["destinationCityName", "destinationAirportName"] },
  departureTerminal: { tags: ["departureTerminal"], keys: ["terminal", "departureTerminal"] },
  departureGate: { tags: ["departureGate"], keys: ["gate", "departureGate"] },
  destinationTerminal: { tags: ["destinationTerminal"], keys: ["arrivalTerminal", "destinationTerminal"] },
  destinationGate: { tags: ["destinationGate"], keys: ["arrivalGate", "destinationGate"] },
  departure: {
    tags: ["originalDepartureDate"],
    keys: ["departure", "departs", "departureTime", "departureDate", "departsAt"],
    types: instants,
  },
  departureNow: { tags: ["currentDepartureDate"], keys: ["estimatedDeparture"], types: instants },
  boarding: {
    tags: ["currentBoardingDate", "originalBoardingDate"],
    keys: ["boarding", "boardingTime", "boardingStarts", "boards"],
    types: instants,
  },
  gateCloses: { keys: ["gateCloses", "gateClosing", "gateClosesAt", "boardingEnds"], types: instants },
  arrival: {
    tags: ["originalArrivalDate"],
    keys: ["arrival", "arrives", "arrivalTime", "arrivalDate", "arrivesAt"],
    types: instants,
  },
  arrivalNow: { tags: ["currentArrivalDate"], keys: ["estimatedArrival"], types: instants },
  originZone: { tags: ["departureLocationTimeZone"] },
  destinationZone: { tags: ["destinationLocationTimeZone"] },
  boardingZone: { tags: ["boardingZone"], keys: ["zone", "boardingZone"] },
  boardingGroup: { tags: ["boardingGroup"], keys: ["group", "boardingGroup"] },
  boardingPosition: { keys: ["boardingPosition"] },
  sequence: { tags: ["boardingSequenceNumber"], keys: ["sequence", "sequenceNumber"] },
  cabin: { tags: ["ticketFareClass"], keys: ["class", "cabin", "cabinClass", "travelClass", "seatClass", "fareClass"] },
  programName: { tags: ["membershipProgramName"] },
  programNumber: { tags: ["membershipProgramNumber"], keys: ["frequentFlyer", "frequentFlyerNumber"] },
  eticket: { keys: ["eticket", "eticketNumber", "ticketNumber"] },
  status: { tags: ["transitStatus"], keys: ["status", "flightStatus"] },
  operator: { tags: ["transitProvider"], keys: ["operator", "airline", "carrier"] },

  // Trains, buses, ships
  originStation: {
    tags: ["departureStationName", "departureLocationDescription", "departureCityName"],
    keys: ["origin", "from", "departureStation", "fromStation"],
  },
  destinationStation: {
    tags: ["destinationStationName", "destinationLocationDescription", "destinationCityName"],
    keys: ["destination", "to", "arrivalStation", "toStation"],
  },
  vehicle: {
    tags: ["vehicleName", "vehicleNumber"],
    keys: ["train", "trainNumber", "bus", "busNumber", "ship", "vessel", "ferry", "line", "vehicle"],
  },
  platform: { tags: ["departurePlatform"], keys: ["platform", "track", "pier", "quay", "bay", "gate"] },
  coach: { tags: ["carNumber"], keys: ["coach", "car", "carriage", "wagon"] },
  fareName: { keys: ["fareName", "fareType", "ticketName"] },
} as const satisfies Record<string, Hint>;

export type FactName = keyof typeof hints;

export const normalKey = (key: string): string => key.toLowerCase().replaceAll("_", "");

interface ReadHint {
  tags: readonly SemanticTag[];
  keys: readonly string[];
  accepts: (type: FieldType) => boolean;
}

const readHint = ({ tags = [], keys = [], types }: Hint): ReadHint => ({
  tags,
  keys: keys.map(normalKey),
  accepts: (type) => types === undefined || types.includes(type),
});

/** The table with its keys as they are compared. */
export const readHints = Object.fromEntries(
  (Object.keys(hints) as FactName[]).map((name) => [name, readHint(hints[name])]),
) as Record<FactName, ReadHint>;
