/**
 * A chart as a file that needs nothing of the page: every colour and font written out as it is in the light theme, on a light
 * ground, with its title above it and the key of its lines below.
 */

import { paint } from './paint';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const PADDING_PX = 16;
const TITLE_PX = 28;
const KEY_LINE_PX = 20;
const KEY_PX = 28;
/** A picture for screens that have two pixels where a page counts one, and for print. */
const PNG_SCALE = 2;

/** What a style sheet says of a mark, and what an attribute can say in its place. */
const WRITTEN_OUT = [
  ...[
    'fill',
    'fill-opacity',
    'stroke',
    'stroke-opacity',
    'stroke-width',
    'stroke-dasharray',
    'stroke-linecap',
  ],
  ...['stroke-linejoin', 'paint-order', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor'],
];

/** What has no meaning in a file. */
const OF_THE_PAGE = ['class', 'style', 'aria-hidden', 'aria-label', 'aria-description', 'data-line-key'];

/** What holds a chart and belongs to it, from near to far. */
const SCOPE = 'figure, details, section';

export function titleOf(chart: Element): string {
  for (let scope = chart.closest(SCOPE); scope; scope = outer(scope)) {
    const title = [
      'figcaption :is(h3, strong)',
      'figcaption',
      ':scope > summary',
      ':scope > h3',
    ].reduce<Element | null>((found, selector) => found ?? scope!.querySelector(selector), null);
    const text = title?.textContent?.trim().replace(/\s+/g, ' ');
    if (text) return text;
  }
  return '';
}

const outer = (scope: Element): Element | null => scope.parentElement?.closest(SCOPE) ?? null;

/** The chart's keys: those between it and the next chart, or where its key is that of several, all that stand nearby. */
function keysOf(chart: Element): Element[] {
  for (let scope = chart.closest(SCOPE); scope; scope = outer(scope)) {
    const keys = [...scope.querySelectorAll('[data-line-key]')];
    if (keys.length === 0) continue;
    const next = [...scope.querySelectorAll('[data-plot]')].find(
      (other) => follows(other, chart) && !other.contains(chart),
    );
    const own = keys.filter((key) => follows(key, chart) && (!next || follows(next, key)));
    return own.length > 0 ? own : keys;
  }
  return [];
}

const follows = (one: Node, other: Node): boolean =>
  (other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

/** What a key says: the name beside it, or all words up to the next key. */
function labelOf(key: Element): string {
  let text = '';
  for (let at = key.nextSibling; at; at = at.nextSibling) {
    if (at instanceof Element && at.matches('[data-line-key]')) break;
    if (at instanceof Element && at.matches('strong') && text.trim() === '') return at.textContent ?? '';
    text += at.textContent ?? '';
  }
  return text.trim().replace(/\s+/g, ' ');
}

function made(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...inside: (Node | string)[]
): Element {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  element.append(...inside);
  return element;
}

const at = (x: number, y: number, marks: readonly Node[]): Element =>
  made('g', { transform: `translate(${x},${y})` }, ...marks.map((mark) => mark.cloneNode(true)));

/** Marks have of their chart what they do not say themselves. */
function withInherited(chart: Element, marks: Element): Element {
  for (const name of ['fill', 'text-anchor']) marks.setAttribute(name, chart.getAttribute(name) ?? '');
  return marks;
}

/** The text of an SVG file of a chart that is on show. */
export const svgFile = (chart: SVGSVGElement): string =>
  staged(chart, (file) => new XMLSerializer().serializeToString(file));

/** The bytes of a PNG of the same. */
export async function pngFile(chart: SVGSVGElement): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  staged(chart, (file) => paint(file, canvas, PNG_SCALE));
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('no picture could be made');
  return new Uint8Array(await blob.arrayBuffer());
}

function fileOf(chart: SVGSVGElement): SVGSVGElement {
  const [title, keys] = [titleOf(chart), keysOf(chart)];
  const [width, height] = [chart.width.baseVal.value, chart.height.baseVal.value];
  const top = PADDING_PX + (title === '' ? 0 : TITLE_PX);
  const size = {
    width: width + 2 * PADDING_PX,
    height: top + height + keys.length * KEY_LINE_PX + PADDING_PX,
  };
  return made(
    'svg',
    { ...size, viewBox: `0 0 ${size.width} ${size.height}` },
    made('title', {}, title),
    made('rect', { ...size, class: 'ground' }),
    made('text', { x: PADDING_PX, y: PADDING_PX + 14, class: 'title' }, title),
    withInherited(chart, at(PADDING_PX, top, [...chart.childNodes])),
    ...keys.flatMap((key, line) => {
      const y = top + height + line * KEY_LINE_PX;
      const place = at(PADDING_PX, y + 4, [key]);
      return [place, made('text', { x: PADDING_PX + KEY_PX + 8, y: y + 14, class: 'key' }, labelOf(key))];
    }),
  ) as SVGSVGElement;
}

/** Stands the file where the chart's rules hold, in the light theme, and writes out what they say. Nothing is painted meanwhile. */
function staged<T>(chart: SVGSVGElement, use: (file: SVGSVGElement) => T): T {
  const file = fileOf(chart);
  const stage = document.createElement('div');
  stage.className = 'chart-file';
  stage.append(file);
  chart.parentElement?.append(stage);
  // The theme's colours are worked out at the root.
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = 'light';
  try {
    const all = [...file.querySelectorAll('*')];
    for (const element of all) {
      const style = getComputedStyle(element);
      const values = WRITTEN_OUT.map((name) => [name, style.getPropertyValue(name)] as const);
      for (const [name, value] of values) if (value !== '') element.setAttribute(name, value);
    }
    for (const element of all) for (const name of OF_THE_PAGE) element.removeAttribute(name);
    return use(file);
  } finally {
    stage.remove();
    if (theme === undefined) delete dataset.theme;
    else dataset.theme = theme;
  }
}
