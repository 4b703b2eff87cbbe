/**
 * Before each file of tests: whatever it replaces in the process, timers and globals, is as before once it has ended. Files
 * share processes (`vite.config.ts`), and which follows which depends on how busy the machine is: a `document` that one
 * file left behind is a page to all that come after it.
 */

import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
