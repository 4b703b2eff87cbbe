/**
 * Every engine that `make bench` sets side by side, by its name. A line here and a file beside this one add a peer
 * (README.md). Imported when wanted, so that one engine's code is no burden on another's page.
 */
export const ENGINES = {
  distillery: () => import('./distillery.mjs'),
  tfjs: () => import('./tfjs.mjs'),
  'jax-js': () => import('./jax-js.mjs'),
};

/** The engine that the others are peers of. */
export const OURS = 'distillery';
