import type { JsonObject } from "../../../src/pass-model/resolved-pass";
import type { GoogleVertical } from "../../../src/pass-model/vocabulary";
import type { SavedCard } from "../../../src/simulators/google-wallet/contract";

export const issuerId = "3388000000012345678";

/** 10:00 in Berlin. */
export const now = Date.parse("2026-08-20T08:00:00Z");

const localized = (value: string, translations: Record<string, string> = {}): JsonObject => ({
  defaultValue: { language: "en", value },
  translatedValues: Object.entries(translations).map(([language, translation]) => ({ language, value: translation })),
});

const image = (name: string): JsonObject => ({
  sourceUri: { uri: `https://images.example.com/${name}.png` },
  contentDescription: localized(name),
});

const module = (id: string, header: string, body: string): JsonObject => ({ id, header, body });

const field = (fieldPath: string, rest: JsonObject = {}): JsonObject => ({ fields: [{ fieldPath, ...rest }] });
const text = (key: string): JsonObject => ({ firstValue: field(`object.textModulesData['${key}']`) });

export { field, localized, text };

const bodies: Record<GoogleVertical, { class: JsonObject; object: JsonObject }> = {
  loyalty: {
    class: {
      issuerName: "Fern & Finch Coffee",
      programName: "Finch Club",
      programLogo: image("fern"),
      hexBackgroundColor: "#1d5f4d",
      rewardsTier: "Gold",
      accountIdLabel: "Card",
      localizedAccountIdLabel: localized("Card", { de: "Karte" }),
      textModulesData: [module("about", "How it works", "Ten stamps are a drink of your choice.")],
      merchantLocations: [{ latitude: 52.52, longitude: 13.405 }],
    },
    object: {
      accountName: "Mara Lindqvist",
      accountId: "FF-4711",
      loyaltyPoints: { label: "Points", localizedLabel: localized("Points", { de: "Punkte" }), balance: { int: 1250 } },
      barcode: { type: "QR_CODE", value: "FF-4711-1250", alternateText: "FF-4711" },
      heroImage: image("hero"),
      linksModuleData: {
        uris: [
          { id: "site", uri: "https://fern.example.com/", description: "Our cafés" },
          { id: "call", uri: "tel:+493012345", localizedDescription: localized("Call us", { de: "Anrufen" }) },
        ],
      },
      messages: [{ header: "Summer menu", body: "Cold brew is back." }],
      validTimeInterval: { end: { date: "2027-08-20T23:59:59+02:00" } },
    },
  },
  offer: {
    class: {
      issuerName: "Plant Room",
      title: "20% off every fern",
      provider: "Plant Room",
      titleImage: image("leaf"),
      hexBackgroundColor: "#f4c95d",
      redemptionChannel: "BOTH",
      finePrint: "One coupon per purchase.",
      details: "For all indoor ferns.",
    },
    object: {
      barcode: { type: "EAN_13", value: "590123412345", alternateText: "5901234123457" },
      validTimeInterval: { start: { date: "2026-08-01T00:00:00+02:00" }, end: { date: "2026-09-30T23:59:59+02:00" } },
    },
  },
  giftCard: {
    class: {
      issuerName: "Lantern Group",
      merchantName: "Lantern Books",
      programLogo: image("lantern"),
      hexBackgroundColor: "#7a2e3b",
    },
    object: {
      cardNumber: "6035 1234 5678",
      pin: "4821",
      balance: { currencyCode: "EUR", micros: "34560000" },
      balanceUpdateTime: { date: "2026-08-19T18:30:00+02:00" },
      barcode: { type: "CODE_128", value: "603512345678" },
    },
  },
  eventTicket: {
    class: {
      issuerName: "Harbour Festival",
      eventName: localized("Night of the Lighthouses", { de: "Nacht der Leuchttürme" }),
      logo: image("lighthouse"),
      venue: { name: localized("Pier 7"), address: localized("Hafenstraße 7\n20457 Hamburg") },
      dateTime: { start: "2026-09-05T20:00:00+02:00", doorsOpen: "2026-09-05T19:00:00+02:00" },
      finePrint: localized("No re-entry."),
      heroImage: image("harbour"),
    },
    object: {
      hexBackgroundColor: "#2b2d6e",
      ticketHolderName: "Jonas Weber",
      ticketNumber: "HF-0815",
      ticketType: localized("Balcony"),
      faceValue: { currencyCode: "EUR", micros: "59000000" },
      reservationInfo: { confirmationCode: "QX7R2" },
      seatInfo: { section: localized("Balcony"), row: localized("C"), seat: localized("14") },
      barcode: { type: "AZTEC", value: "HF-0815-C14", alternateText: "HF-0815" },
    },
  },
  flight: {
    class: {
      issuerName: "Solvane Air",
      flightHeader: {
        carrier: { carrierIataCode: "X0", airlineName: localized("Solvane Air"), airlineLogo: image("solvane") },
        flightNumber: "412",
        operatingCarrier: { carrierIataCode: "Y1" },
        operatingFlightNumber: "9412",
      },
      origin: { airportIataCode: "BER", airportNameOverride: localized("Berlin"), terminal: "1", gate: "B22" },
      destination: { airportIataCode: "LIS", airportNameOverride: localized("Lisbon", { de: "Lissabon" }) },
      localScheduledDepartureDateTime: "2026-08-21T07:35:00",
      localBoardingDateTime: "2026-08-21T06:55:00",
      localScheduledArrivalDateTime: "2026-08-21T10:20:00",
    },
    object: {
      hexBackgroundColor: "#0d2b4e",
      passengerName: "Aylin Demir",
      boardingAndSeatingInfo: { seatNumber: "12A", boardingGroup: "2", seatClass: "Economy", sequenceNumber: "41" },
      reservationInfo: {
        confirmationCode: "QX7R2M",
        frequentFlyerInfo: { frequentFlyerProgramName: localized("Solvane Miles"), frequentFlyerNumber: "88120" },
      },
      barcode: { type: "PDF_417", value: "M1DEMIR/AYLIN         EQX7R2M BERLISX0 0412 233Y012A0041 100" },
    },
  },
  transit: {
    class: {
      issuerName: "Nordbahn",
      transitType: "RAIL",
      logo: image("nordbahn"),
      hexBackgroundColor: "#b3261e",
      customPlatformLabel: localized("Track", { de: "Bahnsteig" }),
    },
    object: {
      tripType: "ONE_WAY",
      passengerNames: "Ida Sørensen",
      ticketNumber: "NB-99812",
      ticketLeg: {
        originName: localized("Hamburg Central", { de: "Hamburg Hbf" }),
        originStationCode: "HAM",
        destinationName: localized("Copenhagen", { de: "Kopenhagen" }),
        destinationStationCode: "CPH",
        departureDateTime: "2026-08-22T09:25:00+02:00",
        arrivalDateTime: "2026-08-22T14:04:00+02:00",
        platform: "6",
        carriage: "21",
        ticketSeat: { seat: "64" },
      },
      barcode: { type: "DATA_MATRIX", value: "NB-99812" },
    },
  },
  generic: {
    class: {
      classTemplateInfo: {
        cardTemplateOverride: {
          cardRowTemplateInfos: [
            { twoItems: { startItem: text("level"), endItem: text("since") } },
            { oneItem: { item: { firstValue: field("object.textModulesData['access']") } } },
          ],
        },
      },
    },
    object: {
      cardTitle: localized("City Library"),
      subheader: localized("Reader", { de: "Leserin" }),
      header: localized("Noor Haddad"),
      logo: image("library"),
      hexBackgroundColor: "#5b4b8a",
      textModulesData: [
        module("level", "Level", "Researcher"),
        module("since", "Since", "2019"),
        module("access", "Access", "Reading rooms and map archive"),
      ],
      barcode: { type: "CODE_39", value: "L1B4711", alternateText: "L1B4711" },
    },
  },
};

/** One card of each vertical, with what every object has. */
export function cardOf(vertical: GoogleVertical, rest: Partial<Omit<SavedCard, "vertical">> = {}): SavedCard {
  const body = bodies[vertical];
  return {
    vertical,
    class: { id: `${issuerId}.${vertical}`, reviewStatus: "APPROVED", ...body.class, ...rest.class },
    object: {
      id: `${issuerId}.${vertical}_1`,
      classId: `${issuerId}.${vertical}`,
      state: "ACTIVE",
      ...body.object,
      ...rest.object,
    },
    saved: rest.saved ?? false,
    notifications: rest.notifications ?? [],
    callbacks: rest.callbacks ?? [],
  };
}
