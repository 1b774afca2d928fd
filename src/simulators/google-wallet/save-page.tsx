import { Layout } from "../../pages/layout";
import { Card } from "./card";
import { cardCss } from "./card-css";
import { CardCallbacks, CardDetailList, LockScreen } from "./card-panels";
import { cardView } from "./card-view";
import { stringOf } from "./card-values";
import { type CardWords, cardWords } from "./card-words";
import type { SavedCard, SavePageOptions } from "./contract";
import { savePageCss } from "./save-page-css";

/** What a save link opens: the card as Google Wallet shows it, what it did since, and the button that saves or removes it. */
export async function savePage({ card, language, now, actions }: SavePageOptions) {
  const view = await cardView(card, { language, now });
  const words = cardWords(language);
  const title = view.title === null ? view.issuer : `${view.title} – ${view.issuer}`;
  return (
    <Layout title={title} language={words.language} css={cardCss + savePageCss}>
      <SimulatorBar words={words} />
      <div class="save-page">
        <div class="save-card">
          <Card view={view} language={language} words={words} />
          <SaveForm card={card} actions={actions} words={words} />
        </div>
        <div class="save-panels">
          <LockScreen card={card} view={view} language={language} words={words} />
          <CardDetailList details={view.details} language={language} words={words} />
          <CardCallbacks card={card} language={language} words={words} />
        </div>
      </div>
    </Layout>
  );
}

function SimulatorBar({ words }: { words: CardWords }) {
  return (
    <header class="simulator-bar">
      <h1>{words.say("simulator")}</h1>
      <p>{words.say("simulatorNotice")}</p>
    </header>
  );
}

function SaveForm({
  card,
  actions,
  words,
}: {
  card: SavedCard;
  actions: SavePageOptions["actions"];
  words: CardWords;
}) {
  const { saved, object } = card;
  return (
    <form method="post" action={saved ? actions.remove : actions.save} class="save-form">
      <p class={saved ? "save-status is-saved" : "save-status"} role="status">
        {words.say(saved ? "saved" : "notSaved")}
      </p>
      <button type="submit" class={saved ? "button is-quiet" : "button"}>
        {words.say(saved ? "remove" : "save")}
      </button>
      <p class="save-id" dir="ltr">
        <code>{stringOf(object["id"])}</code>
      </p>
    </form>
  );
}

/** What Google's page says when it cannot save; the reason is for the developer. */
export function faultPage({ title, text, detail }: { title: string; text: string; detail?: string }) {
  const words = cardWords("en");
  return (
    <Layout title={title} language="en" kind="text" css={savePageCss}>
      <SimulatorBar words={words} />
      <div class="save-fault">
        <h2>{title}</h2>
        <p>{text}</p>
        {detail === undefined ? null : (
          <pre class="save-fault-detail" dir="ltr">
            {detail}
          </pre>
        )}
      </div>
    </Layout>
  );
}
