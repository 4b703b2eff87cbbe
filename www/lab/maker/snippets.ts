/** What another page puts into its text to show a lesson. docs/embedding.md tells more of both. */

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function frameFor(link: string, title: string): string {
  return `<iframe src="${escaped(link)}" title="${escaped(title)}" width="100%" height="720" allow="clipboard-write; fullscreen"></iframe>`;
}

/** The script comes from beside the page; the element finds the page by its own address. */
export function elementFor(link: string): string {
  const script = new URL('./embed.js', link);
  script.hash = '';
  return `<script src="${escaped(script.href)}" async></script>\n<distillery-lab src="${escaped(link)}"></distillery-lab>`;
}
