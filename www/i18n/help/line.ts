/** What a field or a choice of the config is for, in a line. English only where the declaration's own words are none for a visitor. */
export interface HelpLine {
  readonly zh: string;
  readonly en?: string;
}

/** Lines by `TYPE_FIELD` and `TYPE_VARIANT`, as the schema names them. */
export type HelpLines = Readonly<Record<string, HelpLine>>;
