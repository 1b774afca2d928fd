import { plants } from "../art/plants.mjs";
import { drawImages } from "../images.mjs";

/** Sprout & Sill: a coupon that is good for thirty days from issue. */
export function plantCoupon() {
  return { template: template(), pass };
}

const terms =
  "One coupon per purchase, once per person. Not for gift cards. Show the code at the till or type it in at the online checkout.";

function template() {
  return {
    name: "Sprout & Sill 20 % coupon",
    style: "coupon",
    organizationName: "Sprout & Sill",
    description: "20 % off houseplants at Sprout & Sill",
    logoText: "Sprout & Sill",
    colors: { background: "#e9f4e4", foreground: "#143d2b", label: "#2f6548" },
    images: drawImages(plants),
    fields: [
      { key: "validity", label: "Valid for", type: "text", position: "header", value: "30 days" },
      {
        key: "discount",
        label: "Off all houseplants",
        type: "percent",
        position: "primary",
        default: 0.2,
        changeMessage: "Your discount is now %@",
      },
      {
        key: "minimum",
        label: "From",
        type: "currency",
        currencyCode: "EUR",
        position: "secondary",
        default: 25,
        changeMessage: "Your coupon now counts from %@",
      },
      {
        key: "shop",
        label: "Where",
        type: "text",
        position: "secondary",
        value: "In shop and online",
        textAlignment: "right",
      },
      {
        key: "website",
        label: "Online shop",
        type: "url",
        position: "back",
        value: "https://sproutandsill.example/shop",
      },
      { key: "email", label: "E-mail", type: "email", position: "back", value: "hello@sproutandsill.example" },
      { key: "terms", label: "Terms", type: "text", position: "back", value: terms },
    ],
    barcode: { format: "code128", message: "{{pass.externalId}}", altText: "{{pass.externalId}}" },
    expiration: { type: "relative", duration: "P30D" },
    locations: [
      { latitude: 52.5376, longitude: 13.4172, radius: 200, relevantText: "20 % off houseplants, right here" },
    ],
    localizations: { de: german },
  };
}

const german = {
  "20 % off houseplants at Sprout & Sill": "20 % auf Zimmerpflanzen bei Sprout & Sill",
  "Valid for": "Gültig",
  "30 days": "30 Tage",
  "Off all houseplants": "Auf alle Zimmerpflanzen",
  From: "Ab",
  Where: "Wo",
  "In shop and online": "Im Laden und online",
  "Online shop": "Onlineshop",
  "E-mail": "E-Mail",
  Terms: "Bedingungen",
  "Your discount is now %@": "Ihr Rabatt beträgt jetzt %@",
  "Your coupon now counts from %@": "Ihr Gutschein gilt jetzt ab %@",
  "20 % off houseplants, right here": "20 % auf Zimmerpflanzen, gleich hier",
  [terms]:
    "Ein Gutschein je Einkauf, einmal je Person. Nicht für Geschenkkarten. Code an der Kasse zeigen oder online an der Kasse eingeben.",
};

const pass = {
  externalId: "SPROUT-7K4M2",
  customer: { id: "cust-noor", name: "Noor Haddad", email: "noor@example.com", segments: ["vip"] },
  values: { discount: 0.2, minimum: 25 },
};
