/**
 * Types of Google's Wallet Objects API v1 that classes and objects of several kinds share. A member is written
 * `"type"`, `"type!"` (required) or `"type~"` (deprecated, still read); the scalars stand in `types.ts`, the enums
 * in `enums.ts`.
 */
export const sharedTypes = {
  // Texts, links, pictures
  LocalizedString: { defaultValue: "TranslatedString", translatedValues: "TranslatedString[]", kind: "string~" },
  TranslatedString: { language: "string", value: "string", kind: "string~" },
  Uri: {
    uri: "string",
    description: "string",
    localizedDescription: "LocalizedString",
    id: "string",
    kind: "string~",
  },
  Image: {
    sourceUri: "ImageUri",
    privateImageId: "string",
    contentDescription: "LocalizedString",
    kind: "string~",
  },
  ImageUri: { uri: "string", description: "string~", localizedDescription: "LocalizedString" },
  Money: { micros: "int64", currencyCode: "string", kind: "string~" },
  DateTime: { date: "dateTime" },
  TimeInterval: { start: "DateTime", end: "DateTime", kind: "string~" },
  LatLongPoint: { latitude: "double", longitude: "double", kind: "string~" },
  MerchantLocation: { latitude: "double", longitude: "double" },

  // Modules
  TextModuleData: {
    id: "string",
    header: "string",
    body: "string",
    localizedHeader: "LocalizedString",
    localizedBody: "LocalizedString",
  },
  LinksModuleData: { uris: "Uri[]" },
  ImageModuleData: { id: "string", mainImage: "Image" },
  InfoModuleData: { labelValueRows: "LabelValueRow[]", showLastUpdateTime: "boolean~" },
  LabelValueRow: { columns: "LabelValue[]" },
  LabelValue: {
    label: "string",
    value: "string",
    localizedLabel: "LocalizedString",
    localizedValue: "LocalizedString",
  },
  ValueAddedModuleData: {
    header: "LocalizedString",
    body: "LocalizedString",
    image: "Image",
    uri: "string",
    sortIndex: "int32",
    viewConstraints: "ModuleViewConstraints",
  },
  ModuleViewConstraints: { displayInterval: "TimeInterval" },
  Message: {
    id: "string",
    header: "string",
    body: "string",
    localizedHeader: "LocalizedString",
    localizedBody: "LocalizedString",
    displayInterval: "TimeInterval",
    messageType: "MessageType",
    kind: "string~",
  },
  AppLinkData: {
    androidAppLinkInfo: "AppLinkDataAppLinkInfo",
    webAppLinkInfo: "AppLinkDataAppLinkInfo",
    iosAppLinkInfo: "AppLinkDataAppLinkInfo",
    displayText: "LocalizedString",
  },
  AppLinkDataAppLinkInfo: {
    appTarget: "AppLinkDataAppLinkInfoAppTarget",
    appLogoImage: "Image",
    title: "LocalizedString",
    description: "LocalizedString",
  },
  AppLinkDataAppLinkInfoAppTarget: { targetUri: "Uri", packageName: "string" },

  // Codes
  Barcode: {
    type: "BarcodeType",
    value: "string",
    alternateText: "string",
    showCodeText: "LocalizedString",
    renderEncoding: "RenderEncoding",
    kind: "string~",
  },
  RotatingBarcode: {
    type: "BarcodeType",
    valuePattern: "string",
    totpDetails: "RotatingBarcodeTotpDetails",
    initialRotatingBarcodeValues: "RotatingBarcodeValues",
    alternateText: "string",
    showCodeText: "LocalizedString",
    renderEncoding: "RenderEncoding",
  },
  RotatingBarcodeTotpDetails: {
    algorithm: "TotpAlgorithm",
    periodMillis: "int64",
    parameters: "RotatingBarcodeTotpDetailsTotpParameters[]",
  },
  RotatingBarcodeTotpDetailsTotpParameters: { key: "string", valueLength: "int32" },
  RotatingBarcodeValues: { startDateTime: "offsetDateTime!", periodMillis: "int64!", values: "string[]!" },

  // How a class lays out its objects
  ClassTemplateInfo: {
    cardTemplateOverride: "CardTemplateOverride",
    cardBarcodeSectionDetails: "CardBarcodeSectionDetails",
    detailsTemplateOverride: "DetailsTemplateOverride",
    listTemplateOverride: "ListTemplateOverride",
  },
  CardTemplateOverride: { cardRowTemplateInfos: "CardRowTemplateInfo[]" },
  CardRowTemplateInfo: { oneItem: "CardRowOneItem", twoItems: "CardRowTwoItems", threeItems: "CardRowThreeItems" },
  CardRowOneItem: { item: "TemplateItem" },
  CardRowTwoItems: { startItem: "TemplateItem", endItem: "TemplateItem" },
  CardRowThreeItems: { startItem: "TemplateItem", middleItem: "TemplateItem", endItem: "TemplateItem" },
  CardBarcodeSectionDetails: {
    firstTopDetail: "BarcodeSectionDetail",
    secondTopDetail: "BarcodeSectionDetail",
    firstBottomDetail: "BarcodeSectionDetail",
  },
  BarcodeSectionDetail: { fieldSelector: "FieldSelector" },
  DetailsTemplateOverride: { detailsItemInfos: "DetailsItemInfo[]" },
  DetailsItemInfo: { item: "TemplateItem" },
  ListTemplateOverride: {
    firstRowOption: "FirstRowOption",
    secondRowOption: "FieldSelector",
    thirdRowOption: "FieldSelector",
  },
  FirstRowOption: { fieldOption: "FieldSelector", transitOption: "TransitOption" },
  TemplateItem: { firstValue: "FieldSelector", secondValue: "FieldSelector", predefinedItem: "PredefinedItem" },
  FieldSelector: { fields: "FieldReference[]" },
  FieldReference: { fieldPath: "string", dateFormat: "DateFormat" },

  // Rules of use
  CallbackOptions: { url: "string", updateRequestUrl: "string~" },
  GroupingInfo: { groupingId: "string", sortIndex: "int32" },
  Notifications: { expiryNotification: "ExpiryNotification", upcomingNotification: "UpcomingNotification" },
  ExpiryNotification: { enableNotification: "boolean" },
  UpcomingNotification: { enableNotification: "boolean" },
  PassConstraints: { screenshotEligibility: "ScreenshotEligibility", nfcConstraint: "NfcConstraint[]" },
  Review: { comments: "string" },
  SaveRestrictions: { restrictToEmailSha256: "string" },
  SecurityAnimation: { animationType: "AnimationType" },
} as const;
