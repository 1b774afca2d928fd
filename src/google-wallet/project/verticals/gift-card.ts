import { zonedDateTime } from "../dates";
import { present } from "../present";
import type { VerticalProjection } from "../vertical";

/** Google, GiftCardClass and GiftCardObject. */
export const giftCard: VerticalProjection<"giftCard"> = {
  needs: [],
  headKeys: ({ facts }) => {
    const isShown = facts.field("balance") === null || facts.money("balance") !== null;
    return [isShown ? facts.place("balance")?.key : undefined];
  },
  class: ({ pass, facts, texts, templatePictures, image }) => {
    const merchant = texts.of(pass.organizationName);
    const label = (name: "cardNumber" | "pin") => {
      const text = facts.place(name)?.label;
      return text ? texts.of(text) : null;
    };
    const [cardNumber, pin] = [label("cardNumber"), label("pin")];
    return present({
      merchantName: merchant.plain,
      localizedMerchantName: merchant.localized,
      programLogo: image(templatePictures.logo),
      wideProgramLogo: image(templatePictures.wideLogo),
      cardNumberLabel: cardNumber?.plain,
      localizedCardNumberLabel: cardNumber?.localized,
      pinLabel: pin?.plain,
      localizedPinLabel: pin?.localized,
      allowBarcodeRedemption: pass.barcode === null ? null : true,
    });
  },
  object: ({ pass, facts }) => {
    const updated = facts.date("balanceUpdated");
    return present({
      cardNumber: facts.text("cardNumber") ?? (pass.externalId || pass.serialNumber),
      pin: facts.text("pin"),
      eventNumber: facts.text("eventNumber"),
      balance: facts.money("balance"),
      balanceUpdateTime: updated && { date: zonedDateTime(updated.instant, updated.timeZone, pass.timeZone) },
    });
  },
};
