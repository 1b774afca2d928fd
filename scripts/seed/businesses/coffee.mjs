import { coffee } from "../art/coffee.mjs";
import { drawImages } from "../images.mjs";

/** Fern & Finch Coffee: a loyalty card with a balance, points, and a tier that follows from the points. */
export function coffeeCard() {
  return { template: template(), pass };
}

const terms =
  "One point for each euro spent. 1,000 points make you a Gold member. " +
  "The balance can be spent in every Fern & Finch and does not expire.";

function template() {
  return {
    name: "Fern & Finch loyalty card",
    style: "storeCard",
    organizationName: "Fern & Finch Coffee",
    description: "Fern & Finch loyalty card",
    logoText: "Fern & Finch",
    colors: { background: "#35201a", foreground: "#fff4e3", label: "#e3bd90" },
    images: drawImages(coffee),
    fields: [
      {
        key: "points",
        label: "Points",
        type: "number",
        position: "header",
        default: 0,
        changeMessage: "You now have %@ points",
      },
      {
        key: "balance",
        label: "Balance",
        type: "currency",
        currencyCode: "EUR",
        position: "primary",
        default: 0,
        changeMessage: "Your balance is now %@",
      },
      {
        key: "tier",
        label: "Tier",
        type: "text",
        position: "secondary",
        expression: 'points >= 1000.0 ? "Gold" : "Silver"',
        changeMessage: "You are now a %@ member",
      },
      { key: "member", label: "Member", type: "text", position: "secondary", required: true, textAlignment: "right" },
      { key: "website", label: "Website", type: "url", position: "back", value: "https://fernandfinch.example/card" },
      { key: "email", label: "E-mail", type: "email", position: "back", value: "hello@fernandfinch.example" },
      { key: "phone", label: "Phone", type: "phone", position: "back", value: "+493023125014" },
      { key: "terms", label: "Terms", type: "text", position: "back", value: terms },
    ],
    barcode: { format: "qr", message: "{{pass.id}}", altText: "{{pass.externalId}}" },
    locations: [
      { latitude: 52.529, longitude: 13.4012, radius: 150, relevantText: "Your coffee is around the corner" },
      { latitude: 52.4934, longitude: 13.4234, radius: 150, relevantText: "Your coffee is around the corner" },
    ],
    localizations: { de: german, ar: arabic },
  };
}

const german = {
  Points: "Punkte",
  Balance: "Guthaben",
  Tier: "Stufe",
  Member: "Mitglied",
  Website: "Webseite",
  "E-mail": "E-Mail",
  Phone: "Telefon",
  Terms: "Bedingungen",
  "You now have %@ points": "Sie haben jetzt %@ Punkte",
  "Your balance is now %@": "Ihr Guthaben beträgt jetzt %@",
  "You are now a %@ member": "Ihre Stufe ist jetzt %@",
  "Your coffee is around the corner": "Ihr Kaffee ist gleich um die Ecke",
  [terms]:
    "Ein Punkt für jeden ausgegebenen Euro. Mit 1.000 Punkten werden Sie Gold-Mitglied. " +
    "Das Guthaben gilt in jedem Fern & Finch und verfällt nicht.",
};

const arabic = {
  Points: "النقاط",
  Balance: "الرصيد",
  Tier: "المستوى",
  Member: "العضو",
  Website: "الموقع",
  "E-mail": "البريد الإلكتروني",
  Phone: "الهاتف",
  Terms: "الشروط",
  "You now have %@ points": "لديك الآن %@ نقطة",
  "Your balance is now %@": "رصيدك الآن %@",
  "You are now a %@ member": "مستوى عضويتك الآن %@",
  "Your coffee is around the corner": "قهوتك على مقربة منك",
  [terms]:
    "نقطة واحدة لكل يورو. عند بلوغ 1000 نقطة تصبح عضواً ذهبياً. يصلح الرصيد في جميع فروع Fern & Finch ولا تنتهي صلاحيته.",
};

const pass = {
  externalId: "FF-204817",
  customer: { id: "cust-mara", name: "Mara Lindqvist", email: "mara@example.com", segments: ["vip"] },
  values: { points: 1240, balance: 18.6, member: "Mara Lindqvist" },
};
