import { raw } from "hono/html";
import { directionOf } from "../../pages/direction";
import { TransitIcon } from "../../pages/transit-icon";
import type { CardCode } from "./card-code";
import type { CardItem } from "./card-template";
import type { CardView, Place } from "./card-view";
import type { CardWords } from "./card-words";

interface CardProps {
  view: CardView;
  /** BCP 47 tag of the reader. */
  language: string;
  words: CardWords;
}

/** The card as Google Wallet lays it out: header, title or journey, rows, code, hero image. Needs `cardCss` on the page. */
export function Card({ view, language, words }: CardProps) {
  const { colors, state, journey, rows, code, hero } = view;
  return (
    <article
      class={`wcard is-${state.toLowerCase()}`}
      style={`--card:${colors.background};--on-card:${colors.foreground}`}
      lang={language}
      dir={directionOf(language)}
      aria-labelledby="card-title"
    >
      <CardHead view={view} words={words} />
      <div class="wcard-body">
        <CardTitle view={view} />
        {journey === null ? null : (
          <div class="wcard-journey">
            <JourneyPlace place={journey.from} />
            {journey.to === null ? null : <TransitIcon transitType={journey.transitType} />}
            {journey.to === null ? null : <JourneyPlace place={journey.to} />}
          </div>
        )}
        {rows.length === 0 ? null : rows.map((row) => <ItemRow items={row} />)}
        {code === null ? null : <CodePlate code={code} words={words} />}
      </div>
      {hero === null ? null : <img class="wcard-hero" src={hero.url} alt={hero.alt} />}
    </article>
  );
}

function CardHead({ view, words }: Pick<CardProps, "view" | "words">) {
  const { issuer, logo, wideLogo, state } = view;
  return (
    <header class="wcard-head">
      {wideLogo === null ? <RoundLogo url={logo?.url ?? null} issuer={issuer} /> : null}
      {wideLogo === null ? (
        <p class="wcard-issuer" dir="auto">
          {issuer}
        </p>
      ) : (
        <img class="wcard-wide-logo" src={wideLogo.url} alt={wideLogo.alt || issuer} />
      )}
      {state === "ACTIVE" ? null : (
        <p class="wcard-state" lang={words.language}>
          {words.say(state)}
        </p>
      )}
    </header>
  );
}

/** Google cuts every logo to a circle; without one it draws the first letter of the issuer. */
export function RoundLogo({ url, issuer }: { url: string | null; issuer: string }) {
  if (url !== null) return <img class="wlogo" src={url} alt="" width={40} height={40} />;
  const [initial = "?"] = issuer;
  return (
    <span class="wlogo is-letter" aria-hidden="true">
      {initial.toUpperCase()}
    </span>
  );
}

function CardTitle({ view: { overline, title, caption, journey, issuer } }: Pick<CardProps, "view">) {
  const hidden = title === null || journey !== null;
  return (
    <div class={hidden ? "wcard-title is-hidden" : "wcard-title"}>
      {overline === null ? null : (
        <p class="wcard-overline" dir="auto">
          {overline}
        </p>
      )}
      <h2 id="card-title" dir="auto">
        {title ?? journeyTitle(journey) ?? issuer}
      </h2>
      {caption === null ? null : (
        <p class="wcard-caption" dir="auto">
          {caption}
        </p>
      )}
    </div>
  );
}

function journeyTitle(journey: CardView["journey"]): string | null {
  if (journey === null) return null;
  const places = [journey.from, journey.to].map((place) => place?.name ?? place?.code ?? null);
  return places.filter((place) => place !== null).join(" – ");
}

function JourneyPlace({ place: { code, name } }: { place: Place }) {
  return (
    <p class="wcard-place">
      {code === null || name === null ? null : (
        <span class="wcard-place-name" dir="auto">
          {name}
        </span>
      )}
      <strong class={code === null ? "is-name" : ""} dir="auto">
        {code ?? name}
      </strong>
    </p>
  );
}

function ItemRow({ items }: { items: CardItem[] }) {
  return (
    <dl class={`wcard-row has-${items.length}`}>
      {items.map(({ label, value, href }) => (
        <div>
          <dt dir="auto">{label ?? ""}</dt>
          <dd dir="auto">{href === null ? value : <a href={href}>{value}</a>}</dd>
        </div>
      ))}
    </dl>
  );
}

function CodePlate({ code, words }: { code: CardCode; words: CardWords }) {
  const { above, below, format, periodSeconds, shape, svg, text } = code;
  return (
    <div class="wcard-code-section">
      {above.length === 0 ? null : <ItemRow items={above} />}
      <figure class={`wcard-code is-${shape} format-${format}`}>
        <CodeDrawing code={code} words={words} />
        {text === null ? null : (
          <figcaption class={svg === null ? "is-alone" : ""} dir="auto">
            {text}
          </figcaption>
        )}
      </figure>
      {periodSeconds === null ? null : (
        <p class="wcard-rotation" lang={words.language}>
          {words.say("rotating").replace("{seconds}", String(periodSeconds))}
        </p>
      )}
      {below.length === 0 ? null : <ItemRow items={below} />}
    </div>
  );
}

function CodeDrawing({ code: { format, svg, text }, words }: { code: CardCode; words: CardWords }) {
  if (format === "text") return null;
  if (svg === null) {
    return (
      <p class="wcard-code-missing" lang={words.language}>
        {words.say("codeMissing")}
      </p>
    );
  }
  return (
    <div role="img" aria-label={text ?? words.say("code")}>
      {raw(svg)}
    </div>
  );
}
