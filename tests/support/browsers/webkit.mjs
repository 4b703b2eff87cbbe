// WebKitGTK by plain WebDriver (https://www.w3.org/TR/webdriver2/), as much of it as the short path needs.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const BROWSERS = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);
const PATIENCE_MS = 30_000;

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

class WebDriver {
  constructor(address) {
    this.address = address;
  }

  async call(method, path, body) {
    const answer = await fetch(this.address + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`WebDriver ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  /** Waits until the driver listens. */
  async awake() {
    for (const until = Date.now() + PATIENCE_MS; ; ) {
      try {
        return await this.call('GET', '/status');
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(100);
      }
    }
  }
}

/** WebKitGTK's MiniBrowser on a display of its own. */
export async function launchWebKit() {
  const port = await freePort();
  const child = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    // A group of its own, so that the display ends with the driver.
    detached: true,
  });
  const end = () => process.kill(-child.pid);
  try {
    const driver = new WebDriver(`http://127.0.0.1:${port}`);
    await driver.awake();
    const binary = BROWSERS.find((path) => existsSync(path));
    const alwaysMatch = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
    const { sessionId } = await driver.call('POST', '/session', { capabilities: { alwaysMatch } });
    driver.address += `/session/${sessionId}`;
    await driver.call('POST', '/timeouts', { script: 120_000, pageLoad: 60_000 });
    return asBrowser(driver, end);
  } catch (error) {
    end();
    throw error;
  }
}

function asBrowser(driver, end) {
  const evaluate = (body, ...args) =>
    driver.call('POST', '/execute/async', {
      script: `const [done, args] = [arguments[1], arguments[0]];
        Promise.resolve((${body})(...args)).then(done, (error) =>
          done({ thrown: error instanceof Error ? String(error) : JSON.stringify(error) }));`,
      args: [args],
    });
  return {
    goto: (url) => driver.call('POST', '/url', { url }),
    evaluate,
    async inFrame(body, ...args) {
      const frame = await driver.call('POST', '/element', { using: 'css selector', value: 'iframe' });
      await driver.call('POST', '/frame', { id: frame });
      try {
        return await evaluate(body, ...args);
      } finally {
        await driver.call('POST', '/frame/parent', {});
      }
    },
    async drag(from, to) {
      const move = ({ x, y }, duration) => ({
        type: 'pointerMove',
        duration,
        x: Math.round(x),
        y: Math.round(y),
        origin: 'viewport',
      });
      const actions = [move(from, 0), { type: 'pointerDown', button: 0 }];
      for (let part = 1; part <= 10; part += 1) {
        const at = { x: from.x + ((to.x - from.x) * part) / 10, y: from.y + ((to.y - from.y) * part) / 10 };
        actions.push(move(at, 20));
      }
      actions.push({ type: 'pointerUp', button: 0 });
      const pointer = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions };
      await driver.call('POST', '/actions', { actions: [pointer] });
    },
    async close() {
      await driver.call('DELETE', '').catch(() => undefined);
      end();
    },
  };
}
