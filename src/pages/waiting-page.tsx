import { Layout } from "./layout";
import { wordsFor } from "./words";

/** Shown while a wallet does not take the pass yet; the answer's Refresh header asks again. */
export function waitingPage(language: string) {
  const words = wordsFor(language);
  const { title, text } = words.notYet;
  return (
    <Layout title={title} language={words.language} kind="text">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </Layout>
  );
}
