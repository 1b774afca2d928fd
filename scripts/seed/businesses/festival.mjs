import { festival } from "../art/festival.mjs";
import { dayAfter, instantAt, saturdayFrom } from "../dates.mjs";
import { drawImages } from "../images.mjs";

/** Hollowlight Open Air: a seat at a festival on a Saturday two to three weeks from now. */
export function festivalTicket({ now }) {
  return { template: template(), pass: pass(saturdayFrom(dayAfter(now, 16, timeZone))) };
}

const timeZone = "Europe/Berlin";
const venue = "Kesselsee Meadow";
const place = { latitude: 52.4043, longitude: 13.0236 };
const rules =
  "Bring this ticket and an identity card. Bags up to A4. No glass, no umbrellas. The concert takes place in any weather.";

function template() {
  return {
    name: "Hollowlight Open Air ticket",
    style: "eventTicket",
    organizationName: "Hollowlight Open Air",
    description: "Ticket for Hollowlight Open Air",
    logoText: "Hollowlight",
    colors: { background: "#2a1652", foreground: "#ffffff", label: "#ffcf9e" },
    images: drawImages(festival),
    fields: [...front, ...back],
    barcode: { format: "pdf417", message: "{{pass.id}}", altText: "{{pass.externalId}}" },
    locations: [{ ...place, radius: 500, relevantText: "Welcome to Kesselsee Meadow" }],
    relevantDates: [{ field: "doors" }, { field: "showtime" }],
    expiration: { type: "field", field: "ends" },
    groupingIdentifier: "hollowlight-open-air",
    semantics,
    localizations: { de: german },
  };
}

const dateTime = { type: "dateTime", required: true, timeZone };

const front = [
  {
    key: "showtime",
    label: "Starts",
    ...dateTime,
    position: "header",
    dateStyle: "short",
    timeStyle: "none",
    changeMessage: "The concert is now on %@",
  },
  { key: "event", label: "Event", type: "text", position: "primary", value: "Hollowlight Open Air" },
  { key: "venue", label: "Venue", type: "text", position: "secondary", value: venue },
  {
    key: "doors",
    label: "Doors",
    ...dateTime,
    position: "secondary",
    dateStyle: "none",
    timeStyle: "short",
    changeMessage: "Doors now open at %@",
  },
  {
    key: "section",
    label: "Section",
    type: "text",
    position: "auxiliary",
    required: true,
    changeMessage: "Your section is now %@",
  },
  {
    key: "row",
    label: "Row",
    type: "text",
    position: "auxiliary",
    required: true,
    changeMessage: "Your row is now %@",
  },
  {
    key: "seat",
    label: "Seat",
    type: "text",
    position: "auxiliary",
    required: true,
    changeMessage: "Your seat is now %@",
  },
  { key: "admission", label: "Admission", type: "text", position: "auxiliary", default: "Regular" },
];

const back = [
  { key: "attendee", label: "Name", type: "text", position: "back", required: true },
  { key: "ends", label: "Ends", ...dateTime, position: "back", dateStyle: "medium", timeStyle: "short" },
  {
    key: "lineup",
    label: "Line-up",
    type: "text",
    position: "back",
    value: "Paper Comets, Ada Vesper, The Slow Orchard",
  },
  {
    key: "address",
    label: "Address",
    type: "text",
    position: "back",
    value: "Am Kesselsee 4, 14471 Potsdam",
    dataDetectorTypes: ["address"],
  },
  { key: "website", label: "Programme", type: "url", position: "back", value: "https://hollowlight.example/programme" },
  { key: "rules", label: "Good to know", type: "text", position: "back", value: rules },
];

const semantics = {
  eventType: "PKEventTypeLivePerformance",
  eventName: "Hollowlight Open Air",
  eventStartDate: "{{showtime}}",
  eventEndDate: "{{ends}}",
  performerNames: ["Paper Comets", "Ada Vesper", "The Slow Orchard"],
  venueName: venue,
  venueRegionName: "Potsdam",
  venueLocation: place,
  venueDoorsOpenDate: "{{doors}}",
  seats: [{ seatSection: "{{section}}", seatRow: "{{row}}", seatNumber: "{{seat}}" }],
  attendeeName: "{{attendee}}",
  admissionLevel: "{{admission}}",
};

const german = {
  "Ticket for Hollowlight Open Air": "Eintrittskarte für das Hollowlight Open Air",
  Starts: "Beginn",
  Event: "Veranstaltung",
  Venue: "Ort",
  [venue]: "Wiese am Kesselsee",
  Doors: "Einlass",
  Section: "Block",
  Row: "Reihe",
  Seat: "Platz",
  Admission: "Kategorie",
  Ends: "Ende",
  Address: "Adresse",
  Programme: "Programm",
  "Good to know": "Gut zu wissen",
  "The concert is now on %@": "Das Konzert ist jetzt am %@",
  "Doors now open at %@": "Einlass ist jetzt um %@",
  "Your section is now %@": "Ihr Block ist jetzt %@",
  "Your row is now %@": "Ihre Reihe ist jetzt %@",
  "Your seat is now %@": "Ihr Platz ist jetzt %@",
  "Welcome to Kesselsee Meadow": "Willkommen auf der Wiese am Kesselsee",
  [rules]:
    "Bitte diese Karte und einen Ausweis mitbringen. Taschen bis A4. Kein Glas, keine Schirme. Das Konzert findet bei jedem Wetter statt.",
};

function pass(day) {
  return {
    externalId: "HL-88120-B7",
    customer: { id: "cust-priya", name: "Priya Raman", email: "priya@example.com", segments: ["vip"] },
    values: {
      attendee: "Priya Raman",
      section: "B",
      row: "7",
      seat: "21",
      admission: "Terrace",
      doors: instantAt(day, "16:00", timeZone),
      showtime: instantAt(day, "18:30", timeZone),
      ends: instantAt(day, "23:30", timeZone),
    },
  };
}
