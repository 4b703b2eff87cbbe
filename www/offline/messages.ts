/** What the page tells its service worker. */

/** The addresses of everything that this visit used; whatever else was kept belongs to an earlier build. */
export interface Keep {
  readonly keep: readonly string[];
}
