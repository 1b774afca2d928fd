import { directionOf } from "./direction";
import type { PassPreview } from "./preview";
import type { PreviewField } from "./preview-fields";
import type { Words } from "./words";

/** The back: every field at its full length, with links where a value is an address, a number or a page. */
export function PassBack({ preview, words }: { preview: PassPreview; words: Words }) {
  const { language, images, organizationName, description, back } = preview;
  return (
    <section class="pass-back" lang={language} dir={directionOf(language)} aria-label={words.details}>
      <header class="pass-back-head">
        {images.icon === undefined ? null : <img src={images.icon.url} alt="" width="38" height="38" />}
        <div>
          <p class="pass-back-name" dir="auto">
            {organizationName}
          </p>
          <p class="pass-back-description" dir="auto">
            {description}
          </p>
        </div>
      </header>
      {back.length === 0 ? (
        <p class="pass-back-empty" lang={words.language} dir="auto">
          {words.noDetails}
        </p>
      ) : (
        <dl class="pass-back-fields">
          {back.map((field) => (
            <BackField field={field} />
          ))}
        </dl>
      )}
    </section>
  );
}

function BackField({ field }: { field: PreviewField }) {
  return (
    <div>
      <dt dir="auto">{field.label}</dt>
      <dd dir="auto">
        {field.href === null ? (
          field.text
        ) : (
          <a href={field.href} rel="noopener noreferrer nofollow">
            {field.text}
          </a>
        )}
      </dd>
    </div>
  );
}
