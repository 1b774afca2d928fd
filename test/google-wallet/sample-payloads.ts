import type { GoogleTypeName, GoogleTypes } from "../../src/google-wallet/fields/types";

/** Payloads as an issuer sends them, one class and one object of each kind and what goes with them. */

const issuerId = "3388000000012345678";

const text = (value: string, translations: Record<string, string> = {}): GoogleTypes["LocalizedString"] => ({
  defaultValue: { language: "en-US", value },
  ...(Object.keys(translations).length > 0 && {
    translatedValues: Object.entries(translations).map(([language, translated]) => ({ language, value: translated })),
  }),
});

const image = (name: string): GoogleTypes["Image"] => ({
  sourceUri: { uri: `https://images.example.com/${name}.png` },
  contentDescription: text(`Picture of ${name}`),
});

const modules = {
  textModulesData: [
    { id: "points_rules", header: "Rules", body: "A point for each coffee." },
    {
      id: "hours",
      localizedHeader: text("Hours", { de: "Zeiten" }),
      localizedBody: text("8 to 18", { de: "8 bis 18" }),
    },
  ],
  linksModuleData: {
    uris: [
      { id: "site", uri: "https://example.com/", description: "Our site" },
      { id: "phone", uri: "tel:+493012345678", localizedDescription: text("Call us", { de: "Anrufen" }) },
    ],
  },
  imageModulesData: [{ id: "shop", mainImage: image("shop") }],
  merchantLocations: [{ latitude: 52.52, longitude: 13.405 }],
} satisfies Partial<GoogleTypes["LoyaltyObject"]>;

const issued = (suffix: string) =>
  ({
    id: `${issuerId}.${suffix}`,
    issuerName: "Coffee Corner",
    reviewStatus: "UNDER_REVIEW",
    hexBackgroundColor: "#4285f4",
    countryCode: "DE",
    homepageUri: { uri: "https://example.com/", description: "Home" },
    callbackOptions: { url: "https://api.example.com/callbacks/google" },
    multipleDevicesAndHoldersAllowedStatus: "MULTIPLE_HOLDERS",
    ...modules,
  }) satisfies Partial<GoogleTypes["LoyaltyClass"]>;

const held = (suffix: string, classSuffix: string) =>
  ({
    id: `${issuerId}.${suffix}`,
    classId: `${issuerId}.${classSuffix}`,
    state: "ACTIVE",
    barcode: { type: "QR_CODE", value: "0f8e6a", alternateText: "0f8e6a", renderEncoding: "UTF_8" },
    validTimeInterval: {
      start: { date: "2027-01-01T00:00:00+01:00" },
      end: { date: "2027-12-31T23:59:59.999+01:00" },
    },
    heroImage: image("hero"),
    messages: [{ id: "hello", header: "Welcome", body: "Good to see you", messageType: "TEXT" }],
    groupingInfo: { groupingId: "family", sortIndex: 1 },
    passConstraints: { screenshotEligibility: "INELIGIBLE", nfcConstraint: ["BLOCK_PAYMENT"] },
    saveRestrictions: { restrictToEmailSha256: "0f".repeat(32) },
    ...modules,
  }) satisfies Partial<GoogleTypes["LoyaltyObject"]>;

const row = (...keys: string[]): GoogleTypes["CardRowTemplateInfo"] => {
  const [startItem, second, third] = keys.map((key) => ({
    firstValue: { fields: [{ fieldPath: `object.textModulesData['${key}']` }] },
  }));
  if (third) return { threeItems: { startItem: startItem!, middleItem: second!, endItem: third } };
  return second ? { twoItems: { startItem: startItem!, endItem: second } } : { oneItem: { item: startItem! } };
};

const samples: Partial<GoogleTypes> = {
  EventTicketClass: {
    ...issued("concert"),
    eventId: "summer-night-2027",
    eventName: text("Summer Night", { de: "Sommernacht" }),
    venue: { name: text("Arena"), address: text("Am Ufer 1\n10115 Berlin") },
    dateTime: {
      doorsOpen: "2027-07-10T18:00:00+02:00",
      start: "2027-07-10T19:30:00+02:00",
      end: "2027-07-10T23:00:00+02:00",
      doorsOpenLabel: "DOORS_OPEN",
    },
    logo: image("logo"),
    gateLabel: "ENTRANCE",
    customSeatLabel: text("Place", { de: "Platz" }),
    finePrint: text("No refunds"),
    securityAnimation: { animationType: "FOIL_SHIMMER" },
  },
  EventTicketObject: {
    ...held("ticket-1", "concert"),
    seatInfo: { gate: text("B"), section: text("4"), row: text("12"), seat: text("7") },
    reservationInfo: { confirmationCode: "QX7F2" },
    ticketHolderName: "Ada Example",
    ticketNumber: "000123",
    ticketType: text("Adult", { de: "Erwachsene" }),
    faceValue: { micros: "34560000", currencyCode: "EUR" },
    linkedObjectIds: [`${issuerId}.drink-voucher`],
    notifyPreference: "NOTIFY_ON_UPDATE",
  },
  FlightClass: {
    ...issued("flight-LH123"),
    flightHeader: {
      carrier: { carrierIataCode: "LH", airlineName: text("Example Air"), airlineLogo: image("airline") },
      flightNumber: "123",
      operatingCarrier: { carrierIcaoCode: "EXA" },
      operatingFlightNumber: "9123",
    },
    origin: { airportIataCode: "BER", terminal: "1", gate: "A5" },
    destination: { airportIataCode: "LHR", airportNameOverride: text("London") },
    localScheduledDepartureDateTime: "2027-07-02T15:30:00",
    localScheduledArrivalDateTime: "2027-07-02T16:35:00.000",
    localBoardingDateTime: "2027-07-02T14:50",
    flightStatus: "SCHEDULED",
    boardingAndSeatingPolicy: { boardingPolicy: "GROUP_BASED", seatClassPolicy: "CABIN_BASED" },
    languageOverride: "de",
  },
  FlightObject: {
    ...held("boarding-1", "flight-LH123"),
    passengerName: "Ada Example",
    reservationInfo: {
      confirmationCode: "ABC123",
      eticketNumber: "2201234567890",
      frequentFlyerInfo: { frequentFlyerNumber: "992", frequentFlyerProgramName: text("Miles") },
    },
    boardingAndSeatingInfo: { boardingGroup: "2", seatNumber: "14C", seatClass: "Economy", boardingDoor: "FRONT" },
    securityProgramLogo: image("security"),
  },
  GenericClass: {
    id: `${issuerId}.parking`,
    classTemplateInfo: {
      cardTemplateOverride: { cardRowTemplateInfos: [row("bay"), row("plate", "zone"), row("from", "until", "price")] },
      cardBarcodeSectionDetails: {
        firstTopDetail: { fieldSelector: { fields: [{ fieldPath: "object.textModulesData['bay']" }] } },
      },
      detailsTemplateOverride: {
        detailsItemInfos: [{ item: { firstValue: { fields: [{ fieldPath: "class.imageModulesData['shop']" }] } } }],
      },
      listTemplateOverride: {
        firstRowOption: { fieldOption: { fields: [{ fieldPath: "object.header", dateFormat: "DATE_TIME_YEAR" }] } },
      },
    },
    viewUnlockRequirement: "UNLOCK_REQUIRED_TO_VIEW",
    enableSmartTap: true,
    redemptionIssuers: [issuerId],
    valueAddedModuleData: [
      { header: text("Wash"), body: text("Half price"), image: image("wash"), uri: "https://example.com/wash" },
    ],
  },
  GenericObject: {
    id: `${issuerId}.parking-1`,
    classId: `${issuerId}.parking`,
    genericType: "GENERIC_PARKING_PASS",
    cardTitle: text("City Parking", { de: "Stadtparkhaus" }),
    subheader: text("Bay"),
    header: text("C 204"),
    hexBackgroundColor: "#0a7",
    logo: image("parking"),
    notifications: { expiryNotification: { enableNotification: true } },
    rotatingBarcode: {
      type: "QR_CODE",
      renderEncoding: "UTF_8",
      valuePattern: "park-{totp_value_0}-{totp_timestamp_millis}",
      totpDetails: {
        algorithm: "TOTP_SHA1",
        periodMillis: "30000",
        parameters: [{ key: "3132333435363738393031323334353637383930", valueLength: 8 }],
      },
    },
    smartTapRedemptionValue: "C204-0017",
    appLinkData: {
      androidAppLinkInfo: { appTarget: { packageName: "com.example.parking" } },
      webAppLinkInfo: { appTarget: { targetUri: { uri: "https://example.com/app" } } },
      displayText: text("Open the app"),
    },
  },
  GiftCardClass: {
    ...issued("gift"),
    merchantName: "Coffee Corner",
    programLogo: image("program"),
    allowBarcodeRedemption: true,
    cardNumberLabel: "Card",
    localizedPinLabel: text("PIN"),
  },
  GiftCardObject: {
    ...held("gift-1", "gift"),
    cardNumber: "1234 5678",
    pin: "1111",
    balance: { micros: "20000000", currencyCode: "EUR" },
    balanceUpdateTime: { date: "2027-03-04T11:12:13Z" },
  },
  LoyaltyClass: {
    ...issued("loyalty"),
    programName: "Corner Club",
    localizedProgramName: text("Corner Club", { fr: "Club du coin" }),
    programLogo: image("program"),
    accountIdLabel: "Member id",
    accountNameLabel: "Member",
    rewardsTier: "Gold",
    rewardsTierLabel: "Tier",
    discoverableProgram: {
      merchantSignupInfo: {
        signupWebsite: { uri: "https://example.com/join" },
        signupSharedDatas: ["FIRST_NAME", "LAST_NAME", "EMAIL"],
      },
      merchantSigninInfo: { signinWebsite: { uri: "https://example.com/login" } },
      state: "TRUSTED_TESTERS",
    },
  },
  LoyaltyObject: {
    ...held("member-1", "loyalty"),
    accountId: "17",
    accountName: "Ada Example",
    loyaltyPoints: { label: "Points", balance: { int: 800 } },
    secondaryLoyaltyPoints: {
      localizedLabel: text("Credit"),
      balance: { money: { micros: "5", currencyCode: "EUR" } },
    },
  },
  OfferClass: {
    ...issued("offer"),
    title: "20 % off one cup",
    shortTitle: "20 % off",
    provider: "Coffee Co",
    redemptionChannel: "BOTH",
    details: "Any cup, any size.",
    localizedFinePrint: text("Once per person"),
    helpUri: { uri: "mailto:help@example.com" },
    titleImage: image("title"),
  },
  OfferObject: held("offer-1", "offer"),
  TransitClass: {
    ...issued("train"),
    transitType: "RAIL",
    logo: image("rail"),
    transitOperatorName: text("Example Rail"),
    watermark: image("watermark"),
    activationOptions: { activationUrl: "https://example.com/activate", allowReactivation: true },
    customPlatformLabel: text("Track", { de: "Gleis" }),
  },
  TransitObject: {
    ...held("train-1", "train"),
    tripType: "ONE_WAY",
    tripId: "ICE 72",
    passengerType: "SINGLE_PASSENGER",
    passengerNames: "Ada Example",
    concessionCategory: "ADULT",
    ticketNumber: "8123",
    activationStatus: { state: "NOT_ACTIVATED" },
    ticketLeg: {
      originStationCode: "BE",
      originName: text("Berlin"),
      destinationStationCode: "HH",
      destinationName: text("Hamburg"),
      departureDateTime: "2027-04-12T16:20:50.52Z",
      arrivalDateTime: "2027-04-12T18:02:00Z",
      platform: "7",
      carriage: "22",
      ticketSeat: { fareClass: "ECONOMY", coach: "22", seat: "61" },
    },
    purchaseDetails: {
      purchaseReceiptNumber: "9",
      purchaseDateTime: "2027-03-01T10:00:00Z",
      ticketCost: { purchasePrice: { micros: "19990000", currencyCode: "EUR" } },
    },
  },
  AddMessageRequest: {
    message: {
      id: "gate",
      header: "Gate changed",
      body: "Go to B7",
      localizedBody: text("Go to B7", { de: "Zu B7" }),
      messageType: "TEXT_AND_NOTIFY",
      displayInterval: { start: { date: "2027-07-02T13:00:00Z" }, end: { date: "2027-07-02T16:00:00Z" } },
    },
  },
  Issuer: {
    issuerId,
    name: "Coffee Corner",
    homepageUrl: "https://example.com/",
    contactInfo: { name: "Ada Example", email: "ada@example.com", alertsEmails: ["alerts@example.com"] },
    smartTapMerchantData: { smartTapMerchantId: "4711", authenticationKeys: [{ id: 1, publicKeyPem: "-----BEGIN" }] },
  },
  Permissions: { issuerId, permissions: [{ emailAddress: "service@example.iam.example.com", role: "WRITER" }] },
  JwtResource: { jwt: "e30.e30.c2ln" },
  JwtValidateRequest: { jwtResource: { jwt: "e30.e30.c2ln" } },
  LoyaltyObjectListResponse: { resources: [], pagination: { resultsPerPage: 20, nextPageToken: "b" } },
  RotatingBarcodeValues: { startDateTime: "2027-04-12T16:20:50Z", periodMillis: "30000", values: ["a1", "b2"] },
};

export const samplePayloads = Object.entries(samples).map(([type, json]) => ({
  name: `sample ${type}`,
  type: type as GoogleTypeName,
  json: json as object,
}));
