/** Names that a config may have at a place. */

export interface KnownName {
  readonly name: string;
  /** Of a layer, that of its values for one digit; of weights their own. */
  readonly shape: readonly number[] | null;
}

export const shapeWords = (shape: readonly number[]): string => shape.join(' × ');

/** As in `conv.1 · 24 × 4 × 4`. */
export const withShape = ({ name, shape }: KnownName): string =>
  shape === null ? name : `${name} · ${shapeWords(shape)}`;
