// What the benchmarks beside other engines share: where the site's parts lie, and when losses are the same.

/** Addresses of the site, and the folders of the repository that they are. */
export const BENCH_SITE = {
  '/pkg': 'pkg',
  '/data': 'www/public/data',
  '/teachers': 'www/public/teachers',
};

/** Steps whose losses must agree, and how well: relative, room for another order of sums and for Adam's quotients. */
export const BENCH_CHECK = { checkSteps: 5, tolerance: 1e-3 };
