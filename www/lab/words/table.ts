/** One sentence for each code of a union of codes with parameters: a code without words does not compile. */

export type Words<U extends { code: string }> = {
  readonly [C in U['code']]: (parameters: Extract<U, { code: C }>) => string;
};

/** The words for one of the union, by its code. */
export function worded<U extends { code: string }>(words: Words<U>, one: U): string {
  const word = words[one.code as U['code']] as (one: U) => string;
  return word(one);
}
