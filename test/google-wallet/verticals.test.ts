import { describe, expect, it } from "vitest";
import type { GoogleVertical } from "../../src/pass-model/vocabulary";
import type { DesignInput, FieldInput } from "../pass-model/make";
import { projectOf, samples, type Sample } from "./designs";

const outputOf = (...input: Parameters<typeof projectOf>): { vertical: GoogleVertical; class: any; object: any } =>
  projectOf(...input).output;
const text = (key: string, value?: string, more: Partial<FieldInput> = {}): FieldInput => ({
  key,
  label: key,
  type: "text",
  position: "secondary",
  ...(value !== undefined && { value }),
  ...more,
});
const at = (key: string, value: string, more: Partial<FieldInput> = {}) =>
  text(key, value, { type: "dateTime", ...more });
const amount = (key: string, value: number, more: Partial<FieldInput> = {}): FieldInput => ({
  ...text(key),
  type: "currency",
  currencyCode: "EUR",
  value,
  ...more,
});
const english = { locale: "en-US" };
const words = (localized: any): string => localized.defaultValue.value;

describe("a ticket that comes up at a date", () => {
  const relevantDates = [{ startDate: "2026-05-01T18:30:00+02:00", endDate: "2026-05-01T23:00:00+02:00" }];

  it("R021 is for that date, where nothing else says when it starts", () => {
    const ticket: DesignInput = { style: "eventTicket", logoText: "Night", relevantDates };
    const { output, warnings } = projectOf({ design: ticket });
    expect(output.class?.dateTime).toEqual({ start: "2026-05-01T18:30:00+02:00", end: "2026-05-01T23:00:00+02:00" });
    expect(warnings.map(({ code }) => code)).not.toContain("google_relevant_dates_dropped");
    const semantics = { eventStartDate: "2026-05-01T19:00:00+02:00" };
    expect(outputOf({ design: { ...ticket, semantics } }).class.dateTime.start).toBe("2026-05-01T19:00:00+02:00");
    expect(outputOf({ design: { style: "generic", relevantDates } }).class).not.toHaveProperty("dateTime");
  });
});

describe("a time with a place", () => {
  const newYork = { timeZone: "America/New_York" };

  it("R065 is written as the clocks there show it", () => {
    const start = at("start", "2027-06-01T23:00:00Z", newYork);
    const ticket = outputOf({ design: { style: "eventTicket", logoText: "Night", fields: [start] } });
    expect(ticket.class.dateTime.start).toBe("2027-06-01T19:00:00-04:00");
    const semantics = { eventStartDateInfo: { date: "2027-06-01T23:00:00Z", ...newYork } };
    const tagged = outputOf({ design: { style: "eventTicket", logoText: "Night", semantics } });
    expect(tagged.class.dateTime.start).toBe("2027-06-01T19:00:00-04:00");
    const journey = {
      departureStationName: "Hamburg",
      destinationStationName: "London",
      originalDepartureDate: "2027-06-01T10:00:00Z",
      originalArrivalDate: "2027-06-01T18:00:00+02:00",
      departureLocationTimeZone: "Europe/Berlin",
      destinationLocationTimeZone: "Europe/London",
    };
    const train: DesignInput = {
      style: "boardingPass",
      transitType: "train",
      images: { icon: "i" },
      semantics: journey,
    };
    expect(outputOf({ design: train }).object.ticketLeg).toMatchObject({
      departureDateTime: "2027-06-01T12:00:00+02:00",
      arrivalDateTime: "2027-06-01T17:00:00+01:00",
    });
  });
});

describe("the kind of a pass", () => {
  const images = { icon: "img" };
  const kindOf = (design: DesignInput) => outputOf({ design: { images, ...design } }).vertical;

  it("R021 follows from the style, and among store cards from the fields", () => {
    expect(kindOf({ style: "coupon" })).toBe("offer");
    expect(kindOf({ style: "generic" })).toBe("generic");
    expect(kindOf({ style: "eventTicket", semantics: { eventName: "Night" } })).toBe("eventTicket");
    const card = (...fields: FieldInput[]) => kindOf({ style: "storeCard", fields });
    expect(card()).toBe("loyalty");
    expect(card(amount("balance", 5))).toBe("giftCard");
    expect(card(amount("balance", 5), text("points", "7"))).toBe("loyalty");
    expect(card(text("cardNumber"))).toBe("giftCard");
    expect(card(text("balance", "5 stars"))).toBe("loyalty");
    const semantics = { balance: { amount: "5.00", currencyCode: "EUR" } };
    expect(kindOf({ style: "storeCard", semantics })).toBe("giftCard");
    expect(card(text("value", "5", { semantics }))).toBe("giftCard");
    // A field without a value says nothing.
    expect(card(text("value", undefined, { semantics }))).toBe("loyalty");
  });

  it("R021 is what the design asks for", () => {
    expect(kindOf({ style: "generic", google: { vertical: "loyalty" } })).toBe("loyalty");
    expect(kindOf({ style: "storeCard", google: { vertical: "generic" } })).toBe("generic");
  });

  it("R021 becomes generic where Google demands more than the pass has, and the warning says what and where", () => {
    const { output, warnings } = projectOf({
      design: { style: "boardingPass", transitType: "air", images, semantics: { departureAirportCode: "BER" } },
    });
    expect(output.vertical).toBe("generic");
    expect(output.object.genericType).toBe("GENERIC_TRANSIT_PASS");
    const [warning] = warnings.filter(({ code }) => code === "google_generic_instead");
    expect(warning!.pointer).toBe("#/semantics");
    for (const missing of ["airlineCode", "destinationAirportCode", "originalDepartureDate", "passengerName"]) {
      expect(warning!.detail).toContain(`semantics.${missing}`);
    }
    expect(warning!.detail).not.toContain("departureAirportCode");
    const card = projectOf({ design: { style: "storeCard" } }, { images: {}, templateImages: {} });
    expect(card.output.vertical).toBe("generic");
    expect(card.warnings).toContainEqual(
      expect.objectContaining({ code: "google_generic_instead", pointer: "#/images/logo" }),
    );
  });

  it("R021 has what the design writes in Google's own words", () => {
    const eventName = { defaultValue: { language: "en", value: "Night" } };
    const { vertical, class: body } = outputOf({
      design: { style: "eventTicket", images, google: { class: { eventName } } },
    });
    expect(vertical).toBe("eventTicket");
    expect(body.eventName).toEqual(eventName);
  });

  it("R021 stays as it was decided: without its data the class stays, too, and the object goes on", () => {
    const ticket = samples.get("Solvane Air boarding pass BER-LIS")!;
    const { semantics: _, ...design } = ticket.design;
    const fields = design.fields!.filter(({ key }) => key !== "flight");
    const { output, warnings } = projectOf({ ...ticket, design: { ...design, fields } }, {}, { vertical: "flight" });
    expect(output).toMatchObject({ vertical: "flight", class: null });
    expect(output.object).toMatchObject({ state: "ACTIVE", passengerName: "Jonas Okafor" });
    expect(warnings.map(({ code }) => code)).toContain("google_class_unchanged");
    expect(outputOf(ticket, {}, { vertical: "generic" }).vertical).toBe("generic");
  });
});

describe("a flight", () => {
  const semantics = {
    flightCode: "LH1234",
    departureAirportCode: "BER",
    destinationAirportCode: "JFK",
    originalDepartureDate: "2026-07-01T08:05:00Z",
    originalArrivalDate: "2026-07-01T14:40:00-04:00",
    passengerName: { givenName: "Ada", familyName: "Byron" },
  };
  const fly = (more: object = {}, fields: FieldInput[] = []) =>
    outputOf({ design: { style: "boardingPass", transitType: "air", semantics: { ...semantics, ...more }, fields } });

  it("R021 is named by its airline and digits", () => {
    const carrier = (more: object) => fly(more).class.flightHeader;
    expect(carrier({})).toMatchObject({ carrier: { carrierIataCode: "LH" }, flightNumber: "1234" });
    expect(carrier({ flightCode: "EZY 12A" })).toMatchObject({
      carrier: { carrierIcaoCode: "EZY" },
      flightNumber: "12",
    });
    expect(carrier({ flightCode: "3K 7" })).toMatchObject({ carrier: { carrierIataCode: "3K" }, flightNumber: "7" });
    expect(carrier({ airlineCode: "X0", flightNumber: 99 })).toMatchObject({
      carrier: { carrierIataCode: "X0" },
      flightNumber: "99",
    });
    expect(fly({ flightCode: "Berlin" }).vertical).toBe("generic");
  });

  it("R021 is in the time of its airports: by zone, by the field's zone, else as the time is written", () => {
    const zones = {
      departureLocationTimeZone: "Europe/Berlin",
      destinationLocationTimeZone: "America/New_York",
      currentDepartureDate: "2026-07-01T08:45:00Z",
      currentArrivalDate: "2026-07-01T14:40:00-04:00",
      currentBoardingDate: "2026-07-01T08:00:00Z",
    };
    expect(fly(zones).class).toMatchObject({
      localScheduledDepartureDateTime: "2026-07-01T10:05:00",
      localEstimatedOrActualDepartureDateTime: "2026-07-01T10:45:00",
      localBoardingDateTime: "2026-07-01T10:00:00",
      localScheduledArrivalDateTime: "2026-07-01T14:40:00",
    });
    // What is as planned is no estimate.
    expect(fly(zones).class).not.toHaveProperty("localEstimatedOrActualArrivalDateTime");
    const { originalDepartureDate, ...others } = semantics;
    const fields = [at("departure", originalDepartureDate, { timeZone: "Asia/Kolkata" })];
    const byField = outputOf({
      design: { style: "boardingPass", transitType: "air", semantics: others, fields },
    });
    expect(byField.class.localScheduledDepartureDateTime).toBe("2026-07-01T13:35:00");
    expect(fly({ originalDepartureDate: "2026-07-01T10:05+02:00" }).class.localScheduledDepartureDateTime).toBe(
      "2026-07-01T10:05:00",
    );
  });

  it("R021 tells that a time in UTC is no time of an airport", () => {
    const codes = (more: object) =>
      projectOf({
        design: { style: "boardingPass", transitType: "air", semantics: { ...semantics, ...more } },
      }).warnings.map(({ code }) => code);
    expect(codes({})).toContain("google_local_time_unknown");
    expect(codes({ departureLocationTimeZone: "Europe/Berlin" })).not.toContain("google_local_time_unknown");
  });

  it("R021 has gate, terminal, seat, group and booking, and no dash where nothing is known yet", () => {
    const { class: body, object } = fly(
      {
        departureGate: "–",
        departureTerminal: "1",
        departureCityName: "Berlin",
        seats: [{ seatRow: "14", seatNumber: "C" }],
        boardingGroup: "2",
        boardingSequenceNumber: "049",
        confirmationNumber: "7QK3ZD",
        membershipProgramNumber: "M-1",
        membershipProgramName: "Miles",
        ticketFareClass: "Economy",
        transitStatus: "Cancelled",
      },
      [text("gate", "B7")],
    );
    expect(body.origin).toMatchObject({ airportIataCode: "BER", terminal: "1", gate: "B7" });
    expect(words(body.origin.airportNameOverride)).toBe("Berlin");
    expect(body.flightStatus).toBe("CANCELLED");
    expect(object).toMatchObject({
      passengerName: "Ada Byron",
      reservationInfo: { confirmationCode: "7QK3ZD", frequentFlyerInfo: { frequentFlyerNumber: "M-1" } },
      boardingAndSeatingInfo: { seatNumber: "14C", boardingGroup: "2", sequenceNumber: "049", seatClass: "Economy" },
    });
    expect(fly({ transitStatus: "Tired" }).class).not.toHaveProperty("flightStatus");
    expect(fly({ seats: [{ seatRow: "14", seatNumber: "14C" }] }).object.boardingAndSeatingInfo.seatNumber).toBe("14C");
  });
});

describe("an event", () => {
  const ticket = (semantics: object, fields: FieldInput[] = [], logoText?: string) =>
    outputOf(
      { design: { style: "eventTicket", semantics: semantics as never, fields, ...(logoText && { logoText }) } },
      english,
    );

  it("R021 has its name from the semantics, a field or the text of the logo", () => {
    const name = (...input: Parameters<typeof ticket>) => words(ticket(...input).class.eventName);
    expect(name({ eventName: "Night" }, [text("event", "Day")], "Logo")).toBe("Night");
    expect(name({}, [text("event", "Day")], "Logo")).toBe("Day");
    expect(name({}, [], "Logo")).toBe("Logo");
    expect(ticket({}).vertical).toBe("generic");
  });

  it("R021 has a venue with its address only, and times with their offset", () => {
    const known = { eventName: "Night", venueName: "Meadow", eventStartDate: "2026-08-01T18:30+02:00" };
    expect(ticket(known).class).not.toHaveProperty("venue");
    const { venue, dateTime } = ticket({ ...known, venueGatesOpenDate: "2026-08-01T16:00:00+02:00" }, [
      text("address", "Lake Road 4"),
    ]).class;
    expect([words(venue.name), words(venue.address)]).toEqual(["Meadow", "Lake Road 4"]);
    expect(dateTime).toEqual({
      start: "2026-08-01T18:30:00+02:00",
      doorsOpen: "2026-08-01T16:00:00+02:00",
      doorsOpenLabel: "GATES_OPEN",
    });
    const info = { eventStartDateInfo: { date: "2026-08-01T18:30:00+02:00", undetermined: true } };
    expect(ticket({ eventName: "Night", ...info }).class).not.toHaveProperty("dateTime");
  });

  it("R021 has holder and seat, whose parts may stand on a field each", () => {
    const { object } = ticket({ eventName: "Night" }, [
      text("block", "B", { semantics: { seats: [{ seatSection: "B" }] } }),
      text("line", "7", { semantics: { seats: [{ seatRow: "7" }] } }),
      text("firstName", "Ada"),
      text("lastName", "Byron"),
      text("gate", "West"),
      amount("price", 49.9),
    ]);
    expect(object.ticketHolderName).toBe("Ada Byron");
    const { section, row, gate } = object.seatInfo;
    expect([words(section), words(row), words(gate)]).toEqual(["B", "7", "West"]);
    expect(object.faceValue).toEqual({ micros: "49900000", currencyCode: "EUR" });
  });
});

describe("a journey", () => {
  const ride = (semantics: object, fields: FieldInput[] = []) =>
    outputOf(
      {
        design: {
          style: "boardingPass",
          transitType: "train",
          images: { icon: "img" },
          semantics: semantics as never,
          fields,
        },
      },
      english,
    );
  const departure = at("departure", "2026-05-02T10:05:00+02:00");

  it("R021 has a means of transport", () => {
    const kinds = ["train", "bus", "ferry", "other transit"].map(
      (name) => outputOf(samples.get(name)!).class.transitType,
    );
    expect(kinds).toEqual(["RAIL", "BUS", "FERRY", "OTHER"]);
  });

  it("R021 has both stations by name, or both by code", () => {
    const leg = (...fields: FieldInput[]) => {
      const { ticketLeg } = ride({}, [departure, ...fields]).object;
      const { originName, originStationCode, destinationName, destinationStationCode } = ticketLeg;
      return [
        originName && words(originName),
        originStationCode,
        destinationName && words(destinationName),
        destinationStationCode,
      ];
    };
    expect(leg(text("from", "Berlin Hbf"), text("to", "Praha"))).toEqual(["Berlin Hbf", undefined, "Praha", undefined]);
    const code = (key: string, value: string, label: string) => text(key, value, { label });
    expect(leg(code("from", "BER", "Berlin"), code("to", "PRG", "Prague"))).toEqual(["Berlin", "BER", "Prague", "PRG"]);
    expect(leg(code("from", "BER", "From"), code("to", "PRG", "To"))).toEqual([undefined, "BER", undefined, "PRG"]);
    expect(leg(code("from", "BER", "From"), text("to", "Praha"))).toEqual(["BER", "BER", "Praha", undefined]);
    expect(leg(text("from", "Berlin"), code("to", "PRG", "To"))).toEqual(["Berlin", undefined, "PRG", undefined]);
  });

  it("R021 needs a start, and a departure or an expiry", () => {
    const from = text("from", "Berlin");
    expect(ride({}, [departure]).vertical).toBe("generic");
    expect(ride({}, [from]).vertical).toBe("generic");
    expect(ride({}, [from, departure]).vertical).toBe("transit");
    const design: Sample["design"] = {
      style: "boardingPass",
      transitType: "bus",
      images: { icon: "img" },
      fields: [from],
    };
    expect(outputOf({ design }, { expiresAt: "2026-06-01T00:00:00Z" }).vertical).toBe("transit");
    const legs = {
      ticketLegs: [
        { originName: { defaultValue: { language: "en", value: "A" } }, departureDateTime: "2026-05-02T10:05:00Z" },
      ],
    };
    const { vertical, object } = outputOf({ design: { ...design, fields: [], google: { object: legs } } });
    expect([vertical, object.ticketLegs.length, object.ticketLeg]).toEqual(["transit", 1, undefined]);
  });

  it("R021 has every seat", () => {
    const known = {
      departureStationName: "Berlin",
      originalDepartureDate: "2026-05-02T10:05:00+02:00",
      carNumber: "21",
    };
    const seats = [{ seatNumber: "61" }, { seatNumber: "62" }];
    expect(ride({ ...known, seats }).object.ticketLeg.ticketSeats).toEqual([
      { coach: "21", seat: "61" },
      { coach: "21", seat: "62" },
    ]);
    const first = ride({ ...known, ticketFareClass: "First" }).object.ticketLeg.ticketSeat;
    expect(first).toEqual({ coach: "21", fareClass: "FIRST" });
    expect(words(ride({ ...known, ticketFareClass: "Sleeper" }).object.ticketLeg.ticketSeat.customFareClass)).toBe(
      "Sleeper",
    );
  });
});
