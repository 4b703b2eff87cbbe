/** The element's own drawing: what stands in place of a frame, beside it, and when it is of no use. */

const SHEET = `
:host { display: block; position: relative; color-scheme: light dark; }
:host([hidden]) { display: none; }
.box { display: grid; font: 400 16px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); }
.box { --page: light-dark(#fbfaf8, #16181b); --ink: light-dark(#1c1e21, #eceae6);
  --quiet: light-dark(#565b62, #a9aeb6); --line: light-dark(#dfdcd6, #343940); --teacher: light-dark(#a04d13, #e59a5c);
  --student: light-dark(#0a6c67, #4fc4bc); --on: light-dark(#ffffff, #10201f); --alarm: light-dark(#a8202d, #ff8f8f); }
.box[data-theme="light"] { color-scheme: light; }
.box[data-theme="dark"] { color-scheme: dark; }
.still { display: grid; place-content: center; justify-items: center; gap: 12px; min-height: 320px; padding: 24px;
  text-align: center; background: var(--page); border: 1px solid var(--line); border-radius: 6px; }
.still p, .note p, .fault { margin: 0; max-width: 60ch; }
.title { font-weight: 600; }
.quiet { color: var(--quiet); font-size: 13px; }
/* Over the frame, and in sight however tall that is. */
.note { position: sticky; top: 8px; z-index: 1; align-self: start; margin: 8px; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; padding: 8px 16px; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; }
.still, .note, iframe { grid-area: 2 / 1; }
.fault { grid-area: 1 / 1; margin-bottom: 8px !important; padding: 8px 16px; background: var(--page); color: var(--alarm); border: 1px solid; border-radius: 6px; }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 4px 20px; color: var(--on); background: var(--student);
  border: 0; border-radius: 6px; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--teacher); outline-offset: 2px; }
iframe { display: block; width: 100%; min-height: 320px; border: 0; border-radius: 6px; background: var(--page); }
iframe[inert] { opacity: 0.6; }
.teacher { fill: var(--teacher); }
.student { fill: var(--student); }
[hidden] { display: none !important; }
`;

/** Bars of a soft target, teacher above student: what the page is about, before it is there. */
const BARS = [2, 4, 3, 26, 5, 9, 3, 4, 14, 6];
const BAR_PX = 12;
const STEP_PX = 18;
const TALLEST_PX = 30;

function picture(document: Document): SVGSVGElement {
  const NAMESPACE = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(NAMESPACE, 'svg');
  const size = { width: STEP_PX * BARS.length, height: 2 * TALLEST_PX + 2 };
  svg.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  svg.setAttribute('width', `${size.width}`);
  svg.setAttribute('aria-hidden', 'true');
  for (const [place, height] of BARS.entries()) {
    for (const [role, share] of [
      ['teacher', 1],
      ['student', 0.8],
    ] as const) {
      const bar = document.createElementNS(NAMESPACE, 'rect');
      const tall = height * share;
      const y = role === 'teacher' ? TALLEST_PX - tall : TALLEST_PX + 2;
      for (const [name, value] of Object.entries({ x: place * STEP_PX, y, width: BAR_PX, height: tall })) {
        bar.setAttribute(name, `${value}`);
      }
      bar.setAttribute('class', role);
      svg.append(bar);
    }
  }
  return svg;
}

function make<K extends keyof HTMLElementTagNameMap>(
  document: Document,
  name: K,
  className: string,
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}

/** The parts of the shadow tree that change. */
export interface Parts {
  readonly box: HTMLElement;
  readonly still: HTMLElement;
  readonly title: HTMLElement;
  readonly about: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly note: HTMLElement;
  readonly noted: HTMLElement;
  readonly again: HTMLButtonElement;
  readonly fault: HTMLElement;
}

/** Draws into a shadow root. Its style is no inline one, which the policy of a site may refuse. */
export function draw(root: ShadowRoot): Parts {
  const document = root.ownerDocument;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const [title, about] = [make(document, 'p', 'title'), make(document, 'p', 'quiet')];
  const [run, again] = [make(document, 'button', 'run'), make(document, 'button', 'again')];
  for (const button of [run, again]) button.type = 'button';
  const noted = make(document, 'p', '');
  const still = make(document, 'div', 'still', picture(document), title, about, run);
  const note = make(document, 'div', 'note', noted, again);
  const fault = make(document, 'p', 'fault');
  fault.setAttribute('role', 'alert');
  const box = make(document, 'div', 'box', fault, still, note);
  for (const part of [fault, note]) part.hidden = true;
  root.append(box);
  return { box, still, title, about, run, note, noted, again, fault };
}
