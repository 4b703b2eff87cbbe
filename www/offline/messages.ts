/** What the page and its service worker say to each other. */

/** From the page: what this visit used, so that the next one can do without the network. */
export interface Keep {
  readonly keep: {
    readonly version: string;
    /** Address of the page itself, without query or hash. */
    readonly page: string;
    /** Addresses of files with a digest in their path. */
    readonly files: readonly string[];
  };
}

/** The answer: all of it is kept, there is no room for it, or it could not be had. */
export type Kept = 'kept' | 'full' | 'failed';
