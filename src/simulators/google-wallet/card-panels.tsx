import { directionOf } from "../../pages/direction";
import { RoundLogo } from "./card";
import type { CardDetails } from "./card-details";
import { instantText } from "./card-values";
import type { CardView } from "./card-view";
import type { CardWords } from "./card-words";
import type { SavedCard } from "./contract";

interface PanelProps {
  /** BCP 47 tag of the reader. */
  language: string;
  words: CardWords;
}

/** What the phone showed without being unlocked, newest first. */
export function LockScreen({ card, view, language, words }: PanelProps & { card: SavedCard; view: CardView }) {
  return (
    <section class="panel lock-screen" aria-labelledby="lock-screen">
      <h2 id="lock-screen">{words.say("notifications")}</h2>
      {card.notifications.length === 0 ? <p class="quiet">{words.say("noNotifications")}</p> : null}
      <ol>
        {card.notifications.map(({ at, header, body }) => (
          <li>
            <RoundLogo url={view.logo?.url ?? null} issuer={view.issuer} />
            <div lang={language} dir={directionOf(language)}>
              <p class="lock-meta">
                Wallet · <Instant at={at} language={language} />
              </p>
              <p class="lock-header" dir="auto">
                {header}
              </p>
              <p dir="auto">{body}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What stands below the card when it is opened. */
export function CardDetailList({ details, language, words }: PanelProps & { details: CardDetails }) {
  const { appLink, images, items, links, locations, messages } = details;
  const parts = [items, images, links, locations, messages];
  return (
    <section class="panel" aria-labelledby="details">
      <h2 id="details">{words.say("details")}</h2>
      {parts.every((part) => part.length === 0) && appLink === null ? (
        <p class="quiet">{words.say("noDetails")}</p>
      ) : null}
      <div lang={language} dir={directionOf(language)}>
        {messages.map(({ header, body }) => (
          <div class="message">
            <h3 dir="auto">{header ?? words.say("messages")}</h3>
            <p dir="auto">{body}</p>
          </div>
        ))}
        <dl class="details">
          {items.map(({ label, value, href }) => (
            <div>
              <dt dir="auto">{label ?? ""}</dt>
              <dd dir="auto">{href === null ? value : <OutwardLink href={href} text={value} />}</dd>
            </div>
          ))}
        </dl>
        {images.map(({ url, alt }) => (
          <img class="detail-image" src={url} alt={alt} />
        ))}
        <LinkList links={appLink === null ? links : [...links, appLink]} words={words} />
        {locations.length === 0 ? null : (
          <div class="locations">
            <h3 lang={words.language}>{words.say("locations")}</h3>
            <ul>
              {locations.map(({ latitude, longitude }) => (
                <li dir="ltr">
                  {latitude.toFixed(4)}, {longitude.toFixed(4)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}

function LinkList({ links, words }: { links: CardDetails["links"]; words: CardWords }) {
  if (links.length === 0) return null;
  return (
    <nav class="links" aria-label={words.say("links")}>
      <ul>
        {links.map(({ text, href }) => (
          <li dir="auto">{href === null ? text : <OutwardLink href={href} text={text} />}</li>
        ))}
      </ul>
    </nav>
  );
}

const OutwardLink = ({ href, text }: { href: string; text: string }) => (
  <a href={href} rel="noreferrer nofollow">
    {text}
  </a>
);

/** The callbacks that this card caused, and what the issuer's server said to them. */
export function CardCallbacks({ card, language, words }: PanelProps & { card: SavedCard }) {
  return (
    <section class="panel" aria-labelledby="callbacks">
      <h2 id="callbacks">{words.say("callbacks")}</h2>
      {card.callbacks.length === 0 ? <p class="quiet">{words.say("noCallbacks")}</p> : null}
      <ol class="callbacks">
        {card.callbacks.map(({ at, eventType, url, status }) => (
          <li>
            <p>
              <code>{eventType}</code>{" "}
              <span class={status !== null && status < 300 ? "outcome is-good" : "outcome is-bad"}>
                {status === null ? words.say("noAnswer") : words.say("answered").replace("{status}", String(status))}
              </span>{" "}
              <Instant at={at} language={language} />
            </p>
            <p class="callback-url" dir="ltr">
              {url}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const Instant = ({ at, language }: { at: number; language: string }) => (
  <time dir="auto" datetime={new Date(at).toISOString()}>
    {instantText(at, language)}
  </time>
);
