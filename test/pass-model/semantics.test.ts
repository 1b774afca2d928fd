import { describe, expect, it } from "vitest";
import type { Json } from "../../src/pass-model/resolved-pass";
import { semanticTags } from "../../src/pass-model/semantic-tags";
import { checkSemantics } from "../../src/pass-model/semantics";

const nothing = { issues: [], warnings: [] };
const date = "2026-05-01T18:30:00+02:00";
const berlin = { latitude: 52.52, longitude: 13.405 };

const event = {
  balance: { amount: "12.50", currencyCode: "EUR" },
  totalPrice: { amount: "40", currencyCode: "EUR" },
  silenceRequested: true,
  wifiAccess: [{ ssid: "guests", password: "welcome" }],
  airplay: [{ airplayDeviceGroupToken: "token" }],
  eventType: "PKEventTypeSports",
  eventName: "Cup final",
  eventStartDate: date,
  eventStartDateInfo: {
    date,
    ignoreTimeComponents: false,
    timeZone: "Europe/Berlin",
    unannounced: false,
    undetermined: false,
  },
  eventEndDate: "2026-05-01T21:00Z",
  eventLiveMessage: "Doors are open",
  genre: "Football",
  performerNames: ["Ensemble"],
  artistIDs: ["1"],
  albumIDs: ["2"],
  playlistIDs: ["3"],
  sportName: "Football",
  leagueName: "League",
  leagueAbbreviation: "L",
  homeTeamName: "Finches",
  homeTeamLocation: "Berlin",
  homeTeamAbbreviation: "FIN",
  awayTeamName: "Ferns",
  awayTeamLocation: "Bonn",
  awayTeamAbbreviation: "FER",
  seats: [{ seatSection: "A", seatRow: "1", seatNumber: "12", seatAisle: "3", seatSectionColor: "rgb(1, 2, 3)" }],
  admissionLevel: "General admission",
  admissionLevelAbbreviation: "GA",
  additionalTicketAttributes: "Lounge",
  attendeeName: "Ada Byron",
  entranceDescription: "By the river",
  tailgatingAllowed: false,
  venueName: "Arena",
  venueLocation: berlin,
  venuePhoneNumber: "+49 30 123456",
  venueRoom: "Hall 1",
  venueRegionName: "Berlin",
  venueEntrance: "Gate A",
  venueEntranceGate: "A",
  venueEntranceDoor: "1",
  venueEntrancePortal: "2",
  venueOpenDate: date,
  venueGatesOpenDate: date,
  venueParkingLotsOpenDate: date,
  venueBoxOfficeOpenDate: date,
  venueDoorsOpenDate: date,
  venueFanZoneOpenDate: date,
  venueCloseDate: date,
};

const programs = ["PKTransitSecurityProgramTSAPreCheck", "PKTransitSecurityProgramCLEAR"];
const flight = {
  transitProvider: "Finch Air",
  vehicleName: "Robin",
  vehicleNumber: "D-FNCH",
  vehicleType: "A320",
  carNumber: "7",
  duration: 5400,
  transitStatus: "On Time",
  transitStatusReason: "Weather",
  departureLocation: berlin,
  departureLocationDescription: "Berlin",
  departureStationName: "Central",
  departurePlatform: "1",
  departureAirportCode: "BER",
  departureAirportName: "Berlin Brandenburg",
  departureTerminal: "1",
  departureGate: "A1",
  destinationLocation: berlin,
  destinationLocationDescription: "London, Heathrow",
  destinationStationName: "King's Cross",
  destinationPlatform: "9",
  destinationAirportCode: "LHR",
  destinationAirportName: "London Heathrow",
  destinationTerminal: "5",
  destinationGate: "B2",
  originalDepartureDate: date,
  originalBoardingDate: date,
  originalArrivalDate: date,
  currentDepartureDate: date,
  currentBoardingDate: date,
  currentArrivalDate: date,
  boardingGroup: "2",
  boardingSequenceNumber: "34",
  confirmationNumber: "X7Y8Z9",
  airlineCode: "FN",
  flightCode: "FN123",
  flightNumber: 123,
  membershipProgramName: "Nest",
  membershipProgramNumber: "42",
  priorityStatus: "Gold",
  securityScreening: "Priority",
  passengerName: { givenName: "Ada", familyName: "Byron", namePrefix: "Dr" },
};

const sinceIos26 = {
  boardingZone: "3",
  departureCityName: "Berlin",
  destinationCityName: "London",
  departureLocationTimeZone: "Europe/Berlin",
  destinationLocationTimeZone: "Europe/London",
  departureLocationSecurityPrograms: programs,
  destinationLocationSecurityPrograms: programs,
  passengerEligibleSecurityPrograms: programs,
  passengerCapabilities: ["PKPassengerCapabilityPreboarding", "PKPassengerCapabilityCarryon"],
  passengerAirlineSSRs: ["XYZ"],
  passengerInformationSSRs: ["INF"],
  passengerServiceSSRs: ["WCHR"],
  ticketFareClass: "Economy",
  membershipProgramStatus: "Gold",
  loungePlaceIDs: ["I1234567890ABCDEF"],
  internationalDocumentsAreVerified: true,
  internationalDocumentsVerifiedDeclarationName: "DOCS OK",
};

describe("semantic tags", () => {
  it.each([
    ["events and venues", event],
    ["transit", flight],
    ["iOS 26", sinceIos26],
  ])("R015 accepts a full set of tags for %s", (_, semantics) => {
    expect(checkSemantics(semantics, "#/semantics")).toEqual(nothing);
  });

  it("R015 accepts an example of every tag in its table", () => {
    const examples = Object.keys({ ...event, ...flight, ...sinceIos26 });
    expect(examples.toSorted()).toEqual(Object.keys(semanticTags).toSorted());
  });

  const wrong: [string, Json, string, string][] = [
    ["eventName", 7, "", "wrong_type"],
    ["performerNames", "Ensemble", "", "wrong_type"],
    ["artistIDs", [7], "/0", "wrong_type"],
    ["silenceRequested", "yes", "", "wrong_type"],
    ["flightNumber", "123", "", "wrong_type"],
    ["flightNumber", 1.5, "", "wrong_type"],
    ["duration", -1, "", "out_of_range"],
    ["originalDepartureDate", "2026-05-01T18:30:00", "", "invalid_format"],
    ["eventStartDate", "2026-02-30T18:30:00Z", "", "invalid_format"],
    ["venueOpenDate", "2026-05-01", "", "invalid_format"],
    ["balance", 12.5, "", "wrong_type"],
    ["balance", { amount: 12.5, currencyCode: "EUR" }, "/amount", "wrong_type"],
    ["totalPrice", { amount: "12,50", currencyCode: "EUR" }, "/amount", "invalid_format"],
    ["totalPrice", { amount: "12.50", currencyCode: "euro" }, "/currencyCode", "invalid_format"],
    ["totalPrice", { currencyCode: "EUR" }, "/amount", "required"],
    ["venueLocation", { latitude: 52 }, "/longitude", "required"],
    ["departureLocation", { latitude: 91, longitude: 13 }, "/latitude", "out_of_range"],
    ["seats", { seatRow: "1" }, "", "wrong_type"],
    ["seats", [{ seatRow: 1 }], "/0/seatRow", "wrong_type"],
    ["seats", [{ seatSectionColor: "red" }], "/0/seatSectionColor", "invalid_format"],
    ["passengerName", "Ada Byron", "", "wrong_type"],
    ["passengerName", { givenName: ["Ada"] }, "/givenName", "wrong_type"],
    ["eventType", "Sports", "", "invalid_value"],
    ["passengerCapabilities", ["Carryon"], "/0", "invalid_value"],
    ["departureLocationSecurityPrograms", ["TSA"], "/0", "invalid_value"],
    ["destinationLocationSecurityPrograms", [programs[0]!, "GlobalEntry"], "/1", "invalid_value"],
    ["passengerEligibleSecurityPrograms", "PKTransitSecurityProgramCLEAR", "", "wrong_type"],
    ["departureLocationTimeZone", "Berlin", "", "invalid_format"],
    ["destinationLocationTimeZone", "+02:00", "", "invalid_format"],
    ["internationalDocumentsAreVerified", "true", "", "wrong_type"],
    ["loungePlaceIDs", "I123", "", "wrong_type"],
    ["passengerServiceSSRs", ["WCHR", 1], "/1", "wrong_type"],
    ["boardingZone", 3, "", "wrong_type"],
    ["wifiAccess", [{ ssid: "guests" }], "/0/password", "required"],
    ["airplay", [{}], "/0/airplayDeviceGroupToken", "required"],
    ["eventStartDateInfo", { timeZone: "Mars/Olympus" }, "/timeZone", "invalid_format"],
    ["venuePhoneNumber", "ask at the desk", "", "invalid_format"],
  ];

  it.each(wrong)("R221 refuses %s with the value %j and names the field", (tag, value, member, code) => {
    const { issues, warnings } = checkSemantics({ [tag]: value }, "#/semantics");
    expect(issues).toEqual([
      {
        pointer: `#/semantics/${tag}${member}`,
        code,
        detail: expect.stringContaining(`${tag}${member.replaceAll("/", ".")}: `),
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it("R221 points into the semantics of a field", () => {
    const { issues } = checkSemantics({ flightNumber: "A1" }, "#/fields/3/semantics");
    expect(issues.map(({ pointer }) => pointer)).toEqual(["#/fields/3/semantics/flightNumber"]);
  });

  it("R221 refuses null at any depth, in known and unknown tags", () => {
    const { issues } = checkSemantics(
      { eventName: null, seats: [{ seatRow: null }], newTag: { deep: [null] } },
      "#/semantics",
    );
    expect(issues.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["#/semantics/eventName", "null_value"],
      ["#/semantics/seats/0/seatRow", "null_value"],
      ["#/semantics/newTag/deep/0", "null_value"],
    ]);
  });

  it("R015 accepts a placeholder in place of any shape", () => {
    const semantics = {
      flightNumber: "{{flight}}",
      seats: "{{seats}}",
      venueLocation: { latitude: "{{latitude}}", longitude: 13 },
      originalDepartureDate: "{{departure}}",
      eventType: "{{kind}}",
      departureLocationSecurityPrograms: ["{{program}}"],
      passengerName: { givenName: "{{givenName}}" },
    };
    expect(checkSemantics(semantics, "#/semantics")).toEqual(nothing);
  });

  it("R015 still refuses what stands beside a placeholder", () => {
    const { issues } = checkSemantics({ venueLocation: { latitude: "{{latitude}}", longitude: "13" } }, "#/semantics");
    expect(issues.map(({ pointer }) => pointer)).toEqual(["#/semantics/venueLocation/longitude"]);
  });

  it("R015 lets unknown tags and members through with a warning", () => {
    const semantics = { hoverboardDock: 7, constructor: "x", seats: [{ "seat/Heat~ing": true }] };
    const { issues, warnings } = checkSemantics(semantics, "#/semantics");
    expect(issues).toEqual([]);
    expect(warnings.map(({ pointer, code }) => [pointer, code]).toSorted()).toEqual([
      ["#/semantics/constructor", "unknown_semantic_tag"],
      ["#/semantics/hoverboardDock", "unknown_semantic_tag"],
      ["#/semantics/seats/0/seat~1Heat~0ing", "unknown_semantic_tag"],
    ]);
  });

  it.each([
    ["departureAirportTimeZone", "departureLocationTimeZone"],
    ["airlineLoungePlaceID", "loungePlaceIDs"],
  ])("R221 tells the documented name of %s", (source, documented) => {
    const { issues, warnings } = checkSemantics({ [source]: "x" }, "#/semantics");
    expect(issues).toEqual([]);
    expect(warnings[0]?.detail).toContain(documented);
  });

  it("R221 survives JSON nested deeper than the stack", () => {
    let deep: Json = null;
    for (let level = 0; level < 200_000; level += 1) deep = [deep];
    expect(checkSemantics({ deep }, "#/semantics").issues).toHaveLength(1);
  });
});
