import type { TemplateDesign } from "../src/pass-model/design";

/**
 * Two templates as businesses have them, and values that are different for every pass: a card with a
 * computed tier and an expiry in months, and a boarding pass with times in their own zones and semantic tags.
 * Images are added by whoever has their bytes.
 */
export interface BenchDesign {
  design: TemplateDesign;
  values: (serial: number) => Record<string, string | number>;
}

const card: BenchDesign = {
  design: {
    style: "storeCard",
    organizationName: "Fern & Finch Coffee",
    description: "Fern & Finch loyalty card",
    logoText: "Fern & Finch",
    colors: { background: "#1f3d2b", foreground: "#ffffff", label: "#bfe3c8" },
    fields: [
      {
        key: "points",
        label: "Points",
        type: "number",
        position: "header",
        default: 0,
        changeMessage: "You now have %@ points",
      },
      { key: "member", label: "Member", type: "text", position: "secondary", required: true },
      {
        key: "tier",
        label: "Tier",
        type: "text",
        position: "secondary",
        expression: 'points >= 1000.0 ? "Gold" : "Silver"',
      },
      { key: "balance", label: "Balance", type: "currency", position: "auxiliary", currencyCode: "EUR" },
      { key: "since", label: "Member since", type: "date", position: "auxiliary" },
      { key: "email", label: "E-mail", type: "email", position: "back" },
      {
        key: "terms",
        label: "Terms",
        type: "text",
        position: "back",
        value: "One point per euro. Points lapse after two years without a visit.",
      },
    ],
    barcode: { format: "qr", message: "{{pass.id}}", altText: "{{member}}" },
    expiration: { type: "relative", duration: "P2Y" },
    locations: [
      { latitude: 52.520008, longitude: 13.404954, relevantText: "Your coffee is around the corner" },
      { latitude: 48.137154, longitude: 11.576124 },
    ],
  },
  values: (serial) => ({
    points: serial % 5000,
    member: `Zoë Winter ${serial}`,
    balance: (serial % 10_000) / 100,
    since: `2024-0${(serial % 9) + 1}-1${serial % 10}`,
    email: `zoe.${serial}@example.com`,
  }),
};

const flight: BenchDesign = {
  design: {
    style: "boardingPass",
    transitType: "air",
    organizationName: "Kestrel Air",
    description: "Kestrel Air boarding pass",
    logoText: "Kestrel Air",
    colors: { background: "#12355b", foreground: "#ffffff", label: "#9cc3e6" },
    fields: [
      { key: "gate", label: "Gate", type: "text", position: "header", changeMessage: "Gate changed to %@" },
      { key: "from", label: "Berlin", type: "text", position: "primary", value: "BER" },
      { key: "to", label: "Lisbon", type: "text", position: "primary", value: "LIS" },
      { key: "passenger", label: "Passenger", type: "text", position: "secondary", required: true },
      {
        key: "departure",
        label: "Departs",
        type: "dateTime",
        position: "auxiliary",
        timeZone: "Europe/Berlin",
        required: true,
      },
      { key: "arrival", label: "Arrives", type: "dateTime", position: "auxiliary", timeZone: "Europe/Lisbon" },
      { key: "seat", label: "Seat", type: "text", position: "auxiliary" },
      { key: "reference", label: "Booking reference", type: "text", position: "back" },
    ],
    barcode: { format: "pdf417", message: "M1{{passenger}}  {{reference}} BERLIS KA 0412 {{seat}}" },
    expiration: { type: "field", field: "arrival" },
    relevantDates: [{ field: "departure" }],
    semantics: {
      airlineCode: "KA",
      flightNumber: 412,
      departureAirportCode: "BER",
      destinationAirportCode: "LIS",
      departureGate: "{{gate}}",
      originalDepartureDate: "{{departure}}",
      confirmationNumber: "{{reference}}",
      seats: [{ seatNumber: "{{seat}}" }],
    },
  },
  values: (serial) => ({
    gate: `A${serial % 40}`,
    passenger: `WINTER/ZOE ${serial}`,
    departure: `2027-0${(serial % 9) + 1}-1${serial % 10}T08:${10 + (serial % 50)}:00Z`,
    arrival: `2027-0${(serial % 9) + 1}-1${serial % 10}T12:${10 + (serial % 50)}:00Z`,
    seat: `${(serial % 30) + 1}${"ABCDEF"[serial % 6]}`,
    reference: `R${serial.toString(36).toUpperCase()}`,
  }),
};

export const designs: Record<"card" | "flight", BenchDesign> = { card, flight };
