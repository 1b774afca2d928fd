import { raw } from "hono/html";
import { directionOf } from "./direction";
import { PassBack } from "./pass-back";
import { bodies } from "./pass-bodies";
import { FieldRow } from "./pass-fields";
import type { PassPreview, PreviewBarcode } from "./preview";
import { type Words, wordsFor } from "./words";

/** Front and back of a pass, side by side, or one above the other on a phone. Needs `passCss` on the page. */
export function PassCard({ preview, words = wordsFor(preview.language) }: { preview: PassPreview; words?: Words }) {
  return (
    <div class="pass-pair">
      <PassFront preview={preview} words={words} />
      <PassBack preview={preview} words={words} />
    </div>
  );
}

/** The front alone, as in the wallet. */
export function PassFront({ preview, words = wordsFor(preview.language) }: { preview: PassPreview; words?: Words }) {
  const { style, state, colors, images, language } = preview;
  const Body = bodies[style];
  return (
    <article
      class={`pass style-${style} state-${state}`}
      style={`--pass-bg:${colors.background};--pass-fg:${colors.foreground};--pass-label:${colors.label}`}
      lang={language}
      dir={directionOf(language)}
      aria-label={preview.description}
    >
      <div class="pass-paper">
        {images.background === undefined ? null : <img class="pass-backdrop" src={images.background.url} alt="" />}
        <PassHeader preview={preview} />
        <Body preview={preview} />
        <div class="pass-foot">
          {images.footer === undefined ? null : <img class="pass-footer" src={images.footer.url} alt="" />}
          {preview.barcode === null ? null : <BarcodePlate barcode={preview.barcode} words={words} />}
        </div>
      </div>
      {state === "active" ? null : (
        <p class="pass-stamp" lang={words.language} dir="auto">
          {state === "voided" ? words.void : words.expired}
        </p>
      )}
    </article>
  );
}

/** Header fields take at most three fifths of the row; the logo has the rest. */
const headerFieldsWidth = 190;

function PassHeader({ preview }: { preview: PassPreview }) {
  const { logo } = preview.images;
  return (
    <header class="pass-head">
      {logo === undefined ? null : (
        <img
          class="pass-logo"
          src={logo.url}
          alt={preview.organizationName}
          width={Math.round(logo.width)}
          height={Math.round(logo.height)}
        />
      )}
      <p class="pass-logo-text" dir="auto">
        {preview.logoText}
      </p>
      <FieldRow class="pass-head-fields" fields={preview.header} width={headerFieldsWidth} largest={18} />
    </header>
  );
}

function BarcodePlate({ barcode, words }: { barcode: PreviewBarcode; words: Words }) {
  return (
    <figure class={`pass-code is-${barcode.shape} format-${barcode.format}`}>
      {barcode.svg === null ? (
        <p class="pass-code-missing" lang={words.language}>
          {words.codeMissing}
        </p>
      ) : (
        <div role="img" aria-label={barcode.altText ?? words.code}>
          {raw(barcode.svg)}
        </div>
      )}
      {barcode.altText === null ? null : <figcaption dir="auto">{barcode.altText}</figcaption>}
    </figure>
  );
}
