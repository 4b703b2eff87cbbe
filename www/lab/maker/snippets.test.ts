import { expect, test } from 'vitest';
import { elementFor, frameFor } from './snippets';

const LINK = 'https://site.example/distillery/index.html#lesson.data=Ab-_9';

test('a frame has the link and a title that cannot leave its quotes', () => {
  const html = frameFor(LINK, 'T > 1 & "hot"');
  expect(html).toContain(`src="${LINK}"`);
  expect(html).toContain('title="T &gt; 1 &amp; &quot;hot&quot;"');
});

test('the element’s script lies beside the page, without the link’s hash', () => {
  expect(elementFor(LINK)).toBe(
    `<script src="https://site.example/distillery/embed.js" async></script>\n<distillery-lab src="${LINK}"></distillery-lab>`,
  );
});
