import type { Cause } from "./cause";

/** Fields, images, translations and personalization.json. */
export const contentCauses = {
  field_without_key: {
    severity: "error",
    why: "Every field needs a key.",
    remedy: "Give it a key that no other field of the pass has.",
  },
  field_without_value: {
    severity: "error",
    why: "A field without a value makes the pass unreadable to Wallet.",
    remedy: "Give it a value (an empty text is one), or leave the field out.",
  },
  field_value_type: {
    severity: "error",
    why: "A value is text or a number; where the field has a numberStyle or a currencyCode it is a number.",
    remedy: "Write it as such, or leave the format out.",
  },
  field_member_invalid: {
    severity: "error",
    why: "The value is none that Apple documents for this member of a field.",
    remedy: "Write what is expected, or leave the member out.",
  },
  field_duplicate_key: {
    severity: "warning",
    why: "Of two fields with one key Wallet drops one without a word.",
    remedy: "Give each field of the pass its own key.",
  },
  too_many_fields: {
    severity: "warning",
    why: "Wallet leaves out fields for which the front has no room, without a word.",
    remedy: "Move them to backFields.",
  },
  change_message_placeholder: {
    severity: "warning",
    why: 'Without %@ the lock screen says only that the pass "changed".',
    remedy: 'Write where the new value stands: "Gate changed to %@".',
  },
  currency_and_number_style: {
    severity: "warning",
    why: "Wallet takes currencyCode or numberStyle, not both.",
    remedy: "Leave one out.",
  },
  attributed_value_markup: {
    severity: "warning",
    why: "attributedValue understands <a href> only; other markup is shown as text or dropped.",
    remedy: "Keep the links, and write the rest as plain text.",
  },
  icon_missing: {
    severity: "error",
    why: "Every pass needs icon.png: without it Wallet does not open the pass.",
    remedy: "Add icon.png (38×38 pixels) with icon@2x.png and icon@3x.png.",
  },
  icon_2x_missing: {
    severity: "warning",
    why: "Every iPhone has a display of @2x or more; some systems refuse a pass that has the @1x icon only.",
    remedy: "Add icon@2x.png (76×76 pixels).",
  },
  image_density_missing: {
    severity: "info",
    why: "The image looks blurred on displays that want this density.",
    remedy: "Add it, in twice (@2x) or three times (@3x) the size.",
  },
  image_not_png: {
    severity: "error",
    why: "Wallet reads PNG only, whatever the name of the file says.",
    remedy: "Convert the picture; do not rename it.",
  },
  image_corrupt: {
    severity: "error",
    why: "The PNG is damaged and cannot be drawn.",
    remedy: "Export it again, and transfer it as binary data.",
  },
  image_crushed: {
    severity: "info",
    why: "Xcode wrote it in Apple's own form of PNG: Wallet draws it, and hardly anything else can, so it is examined no further.",
    remedy:
      "Nothing for Apple Wallet; elsewhere take the picture as it was before Xcode (pngcrush -revert-iphone-optimizations brings it back).",
  },
  image_too_large: {
    severity: "warning",
    why: "Wallet gives up on very large pictures.",
    remedy: "Scale it to the size in which it is shown.",
  },
  image_size_odd: {
    severity: "warning",
    why: "Wallet scales or crops a picture of another size.",
    remedy: "Export it in the size that the slot has.",
  },
  image_not_shown: {
    severity: "info",
    why: "Passes of this style show no such image.",
    remedy: "Leave it out, or use the style that shows it.",
  },
  image_format_unsupported: {
    severity: "warning",
    why: "Wallet reads PNG only, so this picture is never shown.",
    remedy: "Convert it to PNG and name it .png.",
  },
  strings_encoding: {
    severity: "error",
    why: "pass.strings is UTF-16 (UTF-8 is tolerated); broken translations keep the pass from opening.",
    remedy: "Save the file as UTF-16 with a byte order mark.",
  },
  strings_syntax: {
    severity: "error",
    why: 'Lines are "key" = "value"; – broken translations keep the pass from opening.',
    remedy: 'Escape " and \\ with a backslash, and end each line with a semicolon.',
  },
  strings_duplicate_key: {
    severity: "info",
    why: "Of two translations of one text the last is used.",
    remedy: "Leave one out.",
  },
  language_folder_invalid: {
    severity: "warning",
    why: "No system language has this name, so nobody sees the translation.",
    remedy: "Name the folder by its language: de.lproj, pt-BR.lproj, zh-Hans.lproj.",
  },
  personalization_invalid: {
    severity: "error",
    why: "personalization.json has a description and requiredPersonalizationFields, a list of Apple's constants.",
    remedy:
      "Name PKPassPersonalizationFieldName, PostalCode, EmailAddress or PhoneNumber (each with the prefix PKPassPersonalizationField).",
  },
  personalization_logo_missing: {
    severity: "warning",
    why: "Without personalizationLogo.png in three densities the enrolment is not offered.",
    remedy: "Add personalizationLogo.png, @2x and @3x (150×40 points).",
  },
  personalization_nfc_missing: {
    severity: "warning",
    why: "Enrolment is offered only for a pass with an nfc dictionary.",
    remedy: "Add nfc, or leave personalization.json out.",
  },
} satisfies Record<string, Cause>;
