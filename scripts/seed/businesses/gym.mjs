import { gym } from "../art/gym.mjs";
import { dayAfter } from "../dates.mjs";
import { drawImages } from "../images.mjs";

/** Kettle & Chalk: a membership that ends with the day that stands on it. */
export function gymMembership({ now }) {
  return { template: template(), pass: pass(dayAfter(now, 180, "Europe/Berlin")) };
}

const rules = "Check in at the gate each time. Bring a towel and clean shoes. The membership is personal.";

function template() {
  return {
    name: "Kettle & Chalk membership",
    style: "generic",
    organizationName: "Kettle & Chalk",
    description: "Kettle & Chalk gym membership",
    logoText: "Kettle & Chalk",
    colors: { background: "#16181d", foreground: "#ffffff", label: "#c6ee55" },
    images: drawImages(gym),
    fields: [
      { key: "number", label: "No.", type: "text", position: "header", required: true },
      { key: "member", label: "Member", type: "text", position: "primary", required: true },
      {
        key: "plan",
        label: "Plan",
        type: "text",
        position: "secondary",
        default: "Basic",
        changeMessage: "Your plan is now %@",
      },
      {
        key: "validUntil",
        label: "Valid until",
        type: "date",
        position: "secondary",
        required: true,
        dateStyle: "medium",
        textAlignment: "right",
        changeMessage: "Your membership now lasts until %@",
      },
      { key: "club", label: "Home club", type: "text", position: "auxiliary", default: "Docklands" },
      {
        key: "visits",
        label: "Visits",
        type: "number",
        position: "auxiliary",
        default: 0,
        numberStyle: "decimal",
        textAlignment: "right",
        changeMessage: "%@ visits, keep going",
      },
      {
        key: "website",
        label: "Classes",
        type: "url",
        position: "back",
        value: "https://kettleandchalk.example/classes",
      },
      { key: "phone", label: "Front desk", type: "phone", position: "back", value: "+493023125077" },
      { key: "hours", label: "Open", type: "text", position: "back", value: "Every day from 6 to 23" },
      { key: "rules", label: "House rules", type: "text", position: "back", value: rules },
    ],
    barcode: { format: "qr", message: "{{pass.id}}", altText: "{{number}}" },
    expiration: { type: "field", field: "validUntil" },
    locations: [{ latitude: 52.5032, longitude: 13.4431, radius: 200, relevantText: "Ready to train? Check in here" }],
    sharingProhibited: true,
    localizations: { de: german },
  };
}

const german = {
  "Kettle & Chalk gym membership": "Mitgliedschaft bei Kettle & Chalk",
  "No.": "Nr.",
  Member: "Mitglied",
  Plan: "Tarif",
  "Valid until": "Gültig bis",
  "Home club": "Studio",
  Visits: "Besuche",
  Classes: "Kurse",
  "Front desk": "Empfang",
  Open: "Geöffnet",
  "Every day from 6 to 23": "Täglich von 6 bis 23 Uhr",
  "House rules": "Hausordnung",
  "Your plan is now %@": "Ihr Tarif ist jetzt %@",
  "Your membership now lasts until %@": "Ihre Mitgliedschaft läuft jetzt bis %@",
  "%@ visits, keep going": "%@ Besuche, weiter so",
  "Ready to train? Check in here": "Bereit? Hier einchecken",
  [rules]:
    "Bitte jedes Mal am Eingang einchecken. Handtuch und saubere Schuhe mitbringen. Die Mitgliedschaft ist persönlich.",
};

function pass(validUntil) {
  return {
    externalId: "KC-30977",
    customer: { id: "cust-elena", name: "Elena Marchetti", email: "elena@example.com", segments: ["vip"] },
    values: {
      number: "30977",
      member: "Elena Marchetti",
      plan: "All clubs",
      validUntil,
      club: "Docklands",
      visits: 86,
    },
  };
}
