import { airline } from "../art/airline.mjs";
import { dayAfter, instantAt } from "../dates.mjs";
import { drawImages } from "../images.mjs";

/** Solvane Air: the boarding pass of one route; gate, seat and times are the traveller's own. */
export function boardingPass({ now }) {
  return { template: template(), pass: pass(dayAfter(now, 1, berlin)) };
}

const berlin = "Europe/Berlin";
const lisbon = "Europe/Lisbon";

function template() {
  return {
    name: "Solvane Air boarding pass BER-LIS",
    style: "boardingPass",
    transitType: "air",
    organizationName: "Solvane Air",
    description: "Boarding pass Berlin to Lisbon",
    logoText: "Solvane Air",
    colors: { background: "#0d2b4e", foreground: "#ffffff", label: "#9fcdf2" },
    images: drawImages(airline),
    fields: [...front, ...back],
    barcode: { format: "aztec", message: "{{pass.id}}", altText: "{{confirmation}}" },
    relevantDates: [{ field: "boarding" }, { field: "departure" }],
    expiration: { type: "field", field: "arrival" },
    groupingIdentifier: "solvane-x0412",
    semantics,
    localizations: { de: german },
  };
}

const front = [
  { key: "flight", label: "Flight", type: "text", position: "header", value: "X0 412" },
  { key: "gate", label: "Gate", type: "text", position: "header", default: "–", changeMessage: "Your gate is now %@" },
  { key: "origin", label: "Berlin", type: "text", position: "primary", value: "BER" },
  { key: "destination", label: "Lisbon", type: "text", position: "primary", value: "LIS" },
  {
    key: "passenger",
    label: "Passenger",
    type: "text",
    position: "secondary",
    expression: 'givenName + " " + familyName',
  },
  {
    key: "departure",
    label: "Departs",
    type: "dateTime",
    position: "secondary",
    required: true,
    timeZone: berlin,
    dateStyle: "short",
    timeStyle: "short",
    textAlignment: "right",
    changeMessage: "Your flight now leaves at %@",
  },
  {
    key: "boarding",
    label: "Boarding",
    type: "dateTime",
    position: "auxiliary",
    required: true,
    timeZone: berlin,
    dateStyle: "none",
    timeStyle: "short",
    changeMessage: "Boarding now starts at %@",
  },
  { key: "terminal", label: "Terminal", type: "text", position: "auxiliary", default: "1" },
  { key: "group", label: "Group", type: "text", position: "auxiliary", default: "3" },
  {
    key: "seat",
    label: "Seat",
    type: "text",
    position: "auxiliary",
    required: true,
    changeMessage: "Your seat is now %@",
  },
];

const back = [
  { key: "givenName", label: "Given name", type: "text", position: "back", required: true },
  { key: "familyName", label: "Family name", type: "text", position: "back", required: true },
  { key: "confirmation", label: "Booking", type: "text", position: "back", required: true },
  {
    key: "arrival",
    label: "Arrives",
    type: "dateTime",
    position: "back",
    required: true,
    timeZone: lisbon,
    dateStyle: "medium",
    timeStyle: "short",
  },
  { key: "baggage", label: "Baggage", type: "text", position: "back", default: "One cabin bag of 8 kg" },
  { key: "website", label: "Manage booking", type: "url", position: "back", value: "https://solvane.example/trips" },
  { key: "phone", label: "Service", type: "phone", position: "back", value: "+493023125041" },
];

const semantics = {
  transitProvider: "Solvane Air",
  airlineCode: "X0",
  flightCode: "X0 412",
  flightNumber: 412,
  departureAirportCode: "{{origin}}",
  departureCityName: "Berlin",
  departureLocationTimeZone: berlin,
  departureTerminal: "{{terminal}}",
  departureGate: "{{gate}}",
  destinationAirportCode: "{{destination}}",
  destinationCityName: "Lisbon",
  destinationLocationTimeZone: lisbon,
  originalBoardingDate: "{{boarding}}",
  originalDepartureDate: "{{departure}}",
  originalArrivalDate: "{{arrival}}",
  passengerName: { givenName: "{{givenName}}", familyName: "{{familyName}}" },
  seats: [{ seatNumber: "{{seat}}" }],
  boardingGroup: "{{group}}",
  confirmationNumber: "{{confirmation}}",
};

const german = {
  "Boarding pass Berlin to Lisbon": "Bordkarte Berlin nach Lissabon",
  Flight: "Flug",
  Lisbon: "Lissabon",
  Passenger: "Fluggast",
  Departs: "Abflug",
  Group: "Gruppe",
  Seat: "Sitz",
  "Given name": "Vorname",
  "Family name": "Nachname",
  Booking: "Buchung",
  Arrives: "Ankunft",
  Baggage: "Gepäck",
  "Manage booking": "Buchung verwalten",
  "Your gate is now %@": "Ihr Gate ist jetzt %@",
  "Your flight now leaves at %@": "Ihr Flug startet jetzt um %@",
  "Boarding now starts at %@": "Das Boarding beginnt jetzt um %@",
  "Your seat is now %@": "Ihr Sitz ist jetzt %@",
};

function pass(day) {
  return {
    externalId: "X0412-7QK3ZD-1",
    customer: { id: "cust-jonas", name: "Jonas Okafor", email: "jonas@example.com", segments: ["vip"] },
    values: {
      givenName: "Jonas",
      familyName: "Okafor",
      gate: "A12",
      seat: "14C",
      group: "2",
      terminal: "1",
      confirmation: "7QK3ZD",
      boarding: instantAt(day, "09:25", berlin),
      departure: instantAt(day, "10:05", berlin),
      arrival: instantAt(day, "13:00", lisbon),
    },
  };
}
