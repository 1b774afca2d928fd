import { Layout } from "./layout";
import { wordsFor } from "./words";

/** Shown to who asked for too much, before anything is read: so `languages` is what the browser prefers (Accept-Language). */
export function busyPage(languages = "") {
  const [first = ""] = languages.split(/[,;]/);
  const { busy, language } = wordsFor(first.trim());
  return (
    <Layout title={busy.title} language={language} kind="text">
      <h1>{busy.title}</h1>
      <p>{busy.text}</p>
    </Layout>
  );
}
