import type { ResolvedField } from "../../../pass-model/resolved-pass";
import type { GoogleTypes } from "../../fields/types";
import { moneyOf } from "../money";
import { present } from "../present";
import type { Source } from "../source";
import type { VerticalProjection } from "../vertical";

/** Google, LoyaltyClass and LoyaltyObject. A tier stays a text: Google has it in the class, the same for every member. */
export const loyalty: VerticalProjection<"loyalty"> = {
  needs: [
    {
      side: "class",
      members: ["programLogo"],
      words: "a logo (images.logo or images.icon)",
      has: ({ templatePictures }) => templatePictures.logo !== null,
    },
  ],
  headKeys: () => [],
  class: ({ pass, facts, texts, templatePictures, image }) => {
    const program = texts.of(pass.organizationName);
    const label = (name: "holder" | "accountId") => {
      const text = facts.place(name)?.label;
      return text ? texts.of(text) : null;
    };
    const [accountName, accountId] = [label("holder"), label("accountId")];
    return present({
      programName: program.plain,
      localizedProgramName: program.localized,
      programLogo: image(templatePictures.logo),
      wideProgramLogo: image(templatePictures.wideLogo),
      accountNameLabel: accountName?.plain,
      localizedAccountNameLabel: accountName?.localized,
      accountIdLabel: accountId?.plain,
      localizedAccountIdLabel: accountId?.localized,
    });
  },
  object: (source) => {
    const { facts } = source;
    const scores = [facts.field("points"), facts.field("balance")].flatMap((field) => {
      const points = field && pointsOf(field, source);
      return points ? [points] : [];
    });
    return present({
      accountId: facts.text("accountId"),
      accountName: facts.holder(),
      loyaltyPoints: scores[0],
      secondaryLoyaltyPoints: scores[1],
    });
  },
};

function pointsOf(field: ResolvedField, { texts }: Source): GoogleTypes["LoyaltyPoints"] | null {
  const label = field.label ? texts.of(field.label) : null;
  const balance = balanceOf(field, texts.value(field).plain);
  return balance && present({ label: label?.plain, localizedLabel: label?.localized, balance });
}

const int32Max = 2 ** 31 - 1;

function balanceOf(
  { type, value, currencyCode }: ResolvedField,
  shown: string,
): GoogleTypes["LoyaltyPointsBalance"] | null {
  const money = type === "currency" ? moneyOf(value, currencyCode) : null;
  if (money) return { money };
  if (typeof value !== "number") return shown === "" ? null : { string: shown };
  if (Number.isInteger(value) && Math.abs(value) <= int32Max) return { int: value };
  return Number.isFinite(value) ? { double: value } : null;
}
