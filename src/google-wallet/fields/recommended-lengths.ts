import type { GoogleTypeName } from "./types";

/**
 * What Google recommends and does not enforce: longer texts are cut on small screens, further items are not shown.
 * Source: the members' descriptions in the discovery document of the Wallet Objects API v1.
 */

/** Type → member → characters; a translation is held to the member that it translates. */
export const recommendedLengths = {
  EventTicketClass: { issuerName: 20 },
  FlightClass: { issuerName: 20 },
  GiftCardClass: { issuerName: 20, merchantName: 20 },
  LoyaltyClass: {
    issuerName: 20,
    programName: 20,
    accountIdLabel: 15,
    accountNameLabel: 15,
    rewardsTier: 7,
    rewardsTierLabel: 9,
    secondaryRewardsTier: 7,
    secondaryRewardsTierLabel: 9,
  },
  LoyaltyObject: { accountId: 20, accountName: 20 },
  LoyaltyPoints: { label: 9 },
  LoyaltyPointsBalance: { string: 7 },
  OfferClass: { issuerName: 20, title: 60, shortTitle: 20, provider: 12 },
  TransitClass: { issuerName: 20 },
  TextModuleData: { header: 35, body: 500 },
  Uri: { description: 20 },
  /** In rows of two columns; alone in its row a text may be twice as long. */
  LabelValue: { label: 15, value: 15 },
  /** Longer ones are truncated everywhere. */
  ValueAddedModuleData: { header: 60, body: 50 },
} as const satisfies Partial<Record<GoogleTypeName, Record<string, number>>>;

/** Member of a class or object → how many of it are shown of each. */
export const shownCounts = {
  textModulesData: 10,
  "linksModuleData.uris": 10,
  imageModulesData: 1,
  valueAddedModuleData: 15,
} as const;
