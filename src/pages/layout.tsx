import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { directionOf } from "./direction";
import { pageCss } from "./page-css";

interface LayoutProps {
  title: string;
  /** BCP 47 tag of the page's own words. */
  language: string;
  /** Styles this page needs beyond the frame: constants of ours, never a value. */
  css?: string;
  /** Keeps the page out of search engines, as every page of one person should be. */
  noindex?: boolean;
  /** A page of text is narrower and starts lower. */
  kind?: "wide" | "text";
  children?: Child;
}

/** The HTML document around every page: no script, and nothing from another host. */
export function Layout({ title, language, css = "", noindex = true, kind = "wide", children }: LayoutProps) {
  return (
    <>
      {raw("<!DOCTYPE html>")}
      <html lang={language} dir={directionOf(language)}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          {noindex ? <meta name="robots" content="noindex" /> : null}
          <meta name="referrer" content="no-referrer" />
          <meta name="format-detection" content="telephone=no" />
          <title>{title}</title>
          <style>{raw(pageCss + css)}</style>
        </head>
        <body>
          <main class={`is-${kind}`}>{children}</main>
        </body>
      </html>
    </>
  );
}
