// Three engines behind one small face: go somewhere, evaluate a function there or in its frame, drag the mouse.
// `storage: 'third-party-refused'` has them refuse storage to frames of other sites; `webgpu` has Firefox offer WebGPU;
// WebKitGTK is as it comes.

import { launch, launchWithStorage, listen } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { withMouse } from './mouse.mjs';
import { launchWebKit } from './webkit.mjs';

async function launchChromium({ storage } = {}) {
  const viewport = { width: 1280, height: 900 };
  const context = storage
    ? await launchWithStorage(storage)
    : await (await launch()).newContext({ viewport });
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    await context.browser()?.close();
  };
  return { ...withMouse(page), noises: listen(page), close };
}

const LINUX_ONLY = process.platform !== 'linux' && 'this browser is tested on Linux only';

/** Every engine, and why it is left out where it cannot be had. */
export const BROWSERS = [
  { name: 'Chromium', launch: launchChromium, skip: false },
  { name: 'Firefox', launch: launchFirefox, skip: LINUX_ONLY },
  { name: 'WebKitGTK', launch: launchWebKit, skip: LINUX_ONLY },
];
