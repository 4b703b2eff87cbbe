// A slow line in front of a site: what comes down it shares so many bytes a second, whichever connection asks, and every
// piece is on its way for a while. At the socket, so that workers and the service worker are on it too.

import net from 'node:net';

/** Waits that are shorter come late by more than they are long. */
const TICK_MS = 5;

/**
 * Opens the line. `bytesPerSecond` is that of the way down; `roundTripMs` the time there and back, half of which each way
 * takes. Gives the address in front of the site's `url`.
 */
export async function slowLink(url, { bytesPerSecond, roundTripMs }) {
  const { port } = new URL(url);
  let freeAt = 0;
  const later = (ms, act) => (ms < TICK_MS ? act() : setTimeout(act, ms));
  const server = net.createServer({ noDelay: true }, (visitor) => {
    const site = net.connect(Number(port), 'localhost');
    const end = () => [visitor, site].forEach((socket) => void socket.destroy());
    for (const socket of [visitor, site]) socket.on('error', end);
    visitor.on('data', (piece) => later(roundTripMs / 2, () => site.write(piece)));
    visitor.on('close', end);
    site.on('data', (piece) => {
      const now = performance.now();
      freeAt = Math.max(freeAt, now) + (1000 * piece.length) / bytesPerSecond;
      // One piece at a time of each connection: those that wait take turns on the line.
      site.pause();
      later(freeAt - now, () => site.resume());
      later(freeAt - now + roundTripMs / 2, () => visitor.write(piece));
    });
    site.on('end', () => later(freeAt - performance.now() + roundTripMs, end));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () => new Promise((done) => server.close(done)),
  };
}
