/**
 * Draws the marks of an SVG that stands in the page, each with its own attributes, on a canvas. By hand, because a browser draws an SVG
 * only as a picture from an address, and the page's security policy lets in none that it makes itself.
 */

const SHAPES = 'path, line, rect, circle, text';

export function paint(svg: SVGSVGElement, canvas: HTMLCanvasElement, scale: number): void {
  const { width, height } = svg.viewBox.baseVal;
  [canvas.width, canvas.height] = [Math.round(scale * width), Math.round(scale * height)];
  const context = canvas.getContext('2d');
  const home = svg.getScreenCTM()?.inverse();
  if (!context || !home) throw new Error('there is nothing to draw on');
  for (const mark of svg.querySelectorAll<SVGGraphicsElement>(SHAPES)) {
    const place = home.multiply(mark.getScreenCTM()!);
    context.setTransform(
      scale * place.a,
      scale * place.b,
      scale * place.c,
      scale * place.d,
      scale * place.e,
      scale * place.f,
    );
    if (mark instanceof SVGTextElement) write(context, mark);
    else draw(context, mark, outlineOf(mark));
  }
}

const number = (mark: Element, name: string): number => Number.parseFloat(mark.getAttribute(name) ?? '') || 0;

function outlineOf(mark: SVGGraphicsElement): Path2D {
  if (mark instanceof SVGPathElement) return new Path2D(mark.getAttribute('d') ?? '');
  const outline = new Path2D();
  if (mark instanceof SVGLineElement) {
    outline.moveTo(mark.x1.baseVal.value, mark.y1.baseVal.value);
    outline.lineTo(mark.x2.baseVal.value, mark.y2.baseVal.value);
  } else if (mark instanceof SVGRectElement) {
    outline.rect(
      mark.x.baseVal.value,
      mark.y.baseVal.value,
      mark.width.baseVal.value,
      mark.height.baseVal.value,
    );
  } else if (mark instanceof SVGCircleElement) {
    outline.arc(mark.cx.baseVal.value, mark.cy.baseVal.value, mark.r.baseVal.value, 0, 2 * Math.PI);
  }
  return outline;
}

/** Sets what a mark is filled with; false where it is not. */
function fills(context: CanvasRenderingContext2D, mark: Element): boolean {
  const fill = mark.getAttribute('fill') ?? 'none';
  context.fillStyle = fill;
  context.globalAlpha = number(mark, 'opacity') * number(mark, 'fill-opacity');
  return fill !== 'none';
}

/** The same of its line. */
function strokes(context: CanvasRenderingContext2D, mark: Element): boolean {
  const stroke = mark.getAttribute('stroke') ?? 'none';
  context.strokeStyle = stroke;
  context.lineWidth = number(mark, 'stroke-width');
  context.lineCap = (mark.getAttribute('stroke-linecap') ?? 'butt') as CanvasLineCap;
  context.lineJoin = (mark.getAttribute('stroke-linejoin') ?? 'miter') as CanvasLineJoin;
  context.setLineDash((mark.getAttribute('stroke-dasharray') ?? '').match(/[\d.]+/g)?.map(Number) ?? []);
  context.globalAlpha = number(mark, 'opacity') * number(mark, 'stroke-opacity');
  return stroke !== 'none' && context.lineWidth > 0;
}

function draw(context: CanvasRenderingContext2D, mark: Element, outline: Path2D): void {
  if (fills(context, mark)) context.fill(outline);
  if (strokes(context, mark)) context.stroke(outline);
}

/** Each run of words where the browser has put it; what surrounds letters lies beneath them. */
function write(context: CanvasRenderingContext2D, text: SVGTextElement): void {
  const words = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let first = 0;
  for (let run = words.nextNode(); run; run = words.nextNode()) {
    const content = run.textContent ?? '';
    if (content === '' || first >= text.getNumberOfChars()) continue;
    const { x, y } = text.getStartPositionOfChar(first);
    first += content.length;
    const style = run.parentElement!;
    context.font = ['font-weight', 'font-size', 'font-family']
      .map((name) => style.getAttribute(name))
      .join(' ');
    if (strokes(context, style)) context.strokeText(content, x, y);
    if (fills(context, style)) context.fillText(content, x, y);
  }
}
