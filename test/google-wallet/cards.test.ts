import { describe, expect, it } from "vitest";
import { microsOf } from "../../src/google-wallet/project/money";
import type { FieldInput } from "../pass-model/make";
import { projectOf } from "./designs";

const outputOf = (...input: Parameters<typeof projectOf>): { class: any; object: any } =>
  projectOf(...input).output as any;
const text = (key: string, value?: string, more: Partial<FieldInput> = {}): FieldInput => ({
  key,
  label: key,
  type: "text",
  position: "secondary",
  ...(value !== undefined && { value }),
  ...more,
});
const amount = (key: string, value: number, more: Partial<FieldInput> = {}): FieldInput => ({
  ...text(key),
  type: "currency",
  currencyCode: "EUR",
  value,
  ...more,
});
const english = { locale: "en-US" };

describe("cards", () => {
  const card = (fields: FieldInput[], semantics: object = {}) =>
    outputOf(
      { design: { style: "storeCard", images: { icon: "img" }, fields, semantics: semantics as never } },
      english,
    );

  it("R021 count points in the number that they are", () => {
    const balance = (more: Partial<FieldInput>) =>
      card([text("points", undefined, more)]).object.loyaltyPoints?.balance;
    expect(balance({ type: "number", value: 1240 })).toEqual({ int: 1240 });
    expect(balance({ type: "number", value: 2.5 })).toEqual({ double: 2.5 });
    expect(balance({ type: "number", value: 3e9 })).toEqual({ double: 3e9 });
    expect(balance({ value: "12 of 20" })).toEqual({ string: "12 of 20" });
    expect(balance({ type: "currency", currencyCode: "EUR", value: 3.5 })).toEqual({
      money: { micros: "3500000", currencyCode: "EUR" },
    });
    expect(balance({})).toBeUndefined();
  });

  it("R021 with points have a balance beside them, and their holder", () => {
    const { object } = card([
      text("points", "7"),
      amount("balance", 18.6),
      text("memberId", "M-1"),
      text("member", "Ada"),
    ]);
    expect(object.secondaryLoyaltyPoints.balance.money.micros).toBe("18600000");
    expect(object).toMatchObject({ accountId: "M-1", accountName: "Ada" });
  });

  it("R021 with money have a number, their own or else that of the pass", () => {
    const { object } = card([amount("balance", 34.56), text("card_number", "4821"), text("pin", "0417")]);
    expect(object).toMatchObject({ cardNumber: "4821", pin: "0417", balance: { micros: "34560000" } });
    expect(card([amount("balance", 1)]).object.cardNumber).toBe("ext-1");
    const nameless = { design: { style: "storeCard", fields: [amount("balance", 1)] }, externalId: null } as const;
    expect(
      outputOf({ ...nameless, design: { ...nameless.design, fields: [amount("balance", 1)] } }).object.cardNumber,
    ).toBe("serial-1");
    const tagged = card([], { balance: { amount: "20.10", currencyCode: "USD" } });
    expect(tagged.object.balance).toEqual({ micros: "20100000", currencyCode: "USD" });
  });
});

describe("money", () => {
  it.each([
    [34.56, "34560000"],
    [0.1 + 0.2, "300000"],
    [-18.6, "-18600000"],
    ["12.50", "12500000"],
    ["0.0000005", "1"],
    ["0.0000004", "0"],
    [1e-7, "0"],
    [-0, "0"],
    [1e12, "1000000000000000000"],
    [1e21, null],
    ["9223372036854.775807", "9223372036854775807"],
    ["9223372036854.775808", null],
    ["twelve", null],
    [Number.NaN, null],
    ["", null],
  ])("R065 %s is %s millionths", (value, micros) => {
    expect(microsOf(value)).toBe(micros);
  });
});
